/** A template in the shape of ours, with a parameter of every kind. */
export const SAMPLE_TEMPLATE = `# Makes a topic.
AWSTemplateFormatVersion: '2010-09-09'
Description: A topic, and nothing else.

Parameters:
  TopicName:
    Type: String
    AllowedPattern: '^[\\w-]{1,256}$'
    Description: Name of the topic.

  # What people like to read.
  Title:
    Type: String
    Default: It's # not a comment  # but this is
    MaxLength: 20
    MinLength: 2
    ConstraintDescription: 'must be short: 2 to 20 characters.'
    Description: 'What it''s about: a "title"'
  Note:
    Type: String
    Default: ''
    AllowedPattern: '[^<]*'
    Description: A note; empty for none.
  IsOn:
    Type: String
    Default: 'false'
    AllowedValues: ['true', 'false']
    Description: Whether it is on.
  Days:
    Type: Number
    Default: 400
    MinValue: 1
    MaxValue: 3653
    Description: Days
  Share:
    Type: Number
    Default: 1
    MaxValue: 12.5
    Description: Percent
  Any:
    Type: Number
    Description: Any number
  RetentionDays:
    Type: Number
    Default: 400
    AllowedValues: [400, 545]
    Description: Days
  Arns:
    Type: CommaDelimitedList
    Default: ''
    AllowedPattern: '^$|^arn:\\w+$'
    ConstraintDescription: ARNs, or empty
    Description: ARNs
  Token:
    Type: String
    NoEcho: true
    AllowedPattern: '^.+$'
    Description: A secret.

Resources:
  Topic:
    Type: AWS::SNS::Topic
    Default: !Ref Title
    Properties:
      TopicName: !Ref TopicName
Outputs:
  Title:
    Value: !Ref Title
`;
