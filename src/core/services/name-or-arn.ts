// Name, partial ARN or full ARN of a function, each with or without a qualifier.
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionCode.html (FunctionName)
const FUNCTION =
  /^(?:(?:arn:aws[a-z-]*:lambda:)?(?:[a-z]{2,}(?:-[a-z]+)+-\d:)?(?:\d{12}:)?function:|\d{12}:)?([\w-]+)(?::(?:\$LATEST|[\w-]+))?$/;
// Most names are plain, and the long expression takes a while.
const PLAIN_NAME = /^[\w-]+$/;
// Source: https://docs.aws.amazon.com/lambda/latest/api/API_PublishLayerVersion.html (LayerName)
const LAYER = /^(?:arn:aws[a-z-]*:lambda:[a-z0-9-]+:\d{12}:layer:)?([\w-]+)(?::\d+)?$/;
// Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateChangeSet.html (StackName)
const STACK =
  /^(?:arn:aws[a-z-]*:cloudformation:[a-z0-9-]+:\d{12}:stack\/)?([A-Za-z][A-Za-z0-9-]*)(?:\/[\w-]+)?$/;

/** `lambda:NAME` of a function's name, partial ARN or full ARN, without the qualifier; undefined if it is none. */
export function functionKey(text: string): string | undefined {
  if (PLAIN_NAME.test(text)) return `lambda:${text}`;
  return key('lambda', FUNCTION.exec(text));
}

/** `layer:NAME` of a layer's name or ARN, without the version. */
export function layerKey(text: string): string | undefined {
  return key('layer', LAYER.exec(text));
}

/** `stack:NAME` of a stack's name or ARN. */
export function stackKey(text: string): string | undefined {
  return key('stack', STACK.exec(text));
}

function key(kind: string, match: RegExpExecArray | null): string | undefined {
  return match?.[1] === undefined ? undefined : `${kind}:${match[1]}`;
}
