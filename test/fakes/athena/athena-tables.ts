import { MARKER_FIELDS } from '../../../src/core/marker/marker.ts';

// What AWS's catalogue tells of tables.

/** A table of the catalogue; types as Hive writes them. */
export interface AthenaTable {
  readonly database: string;
  readonly table: string;
  readonly columns: ReadonlyMap<string, string>;
  readonly partitions: ReadonlyMap<string, string>;
  readonly parameters: ReadonlyMap<string, string>;
}

const ISSUER = 'struct<type:string,principalid:string,arn:string,accountid:string,username:string>';
const SESSION = `struct<attributes:struct<mfaauthenticated:string,creationdate:string>,sessionissuer:${ISSUER},ec2roledelivery:string,webidfederationdata:struct<federatedprovider:string,attributes:map<string,string>>>`;

const TEXTS = (names: string): [string, string][] => names.split(' ').map(name => [name, 'string']);

/**
 * AWS's own table with partition projection over a day.
 * Source: https://docs.aws.amazon.com/athena/latest/ug/create-cloudtrail-table-partition-projection.html
 */
export const CHANGE_TABLE: AthenaTable = {
  database: 'deploys',
  table: 'cloudtrail_logs_pp',
  columns: new Map([
    ['eventversion', 'string'],
    [
      'useridentity',
      `struct<type:string,principalid:string,arn:string,accountid:string,invokedby:string,accesskeyid:string,username:string,onbehalfof:struct<userid:string,identitystorearn:string>,sessioncontext:${SESSION}>`,
    ],
    ...TEXTS(
      'eventtime eventsource eventname awsregion sourceipaddress useragent errorcode errormessage requestparameters responseelements additionaleventdata requestid eventid readonly',
    ),
    ['resources', 'array<struct<arn:string,accountid:string,type:string>>'],
    ...TEXTS(
      'eventtype apiversion recipientaccountid serviceeventdetails sharedeventid vpcendpointid vpcendpointaccountid eventcategory',
    ),
    [
      'addendum',
      'struct<reason:string,updatedfields:string,originalrequestid:string,originaleventid:string>',
    ],
    ...TEXTS('sessioncredentialfromconsole edgedevicedetails'),
    ['tlsdetails', 'struct<tlsversion:string,ciphersuite:string,clientprovidedhostheader:string>'],
  ]),
  partitions: new Map([['timestamp', 'string']]),
  parameters: new Map([
    ['projection.enabled', 'true'],
    ['projection.timestamp.format', 'yyyy/MM/dd'],
    ['projection.timestamp.type', 'date'],
  ]),
};

/** The table of markers that our template makes. */
export const MARKER_TABLE: AthenaTable = {
  database: 'deploys',
  table: 'markers',
  columns: new Map(
    MARKER_FIELDS.map(name => [name, name === 'labels' ? 'map<string,string>' : 'string'] as const),
  ),
  partitions: new Map([['day', 'string']]),
  parameters: new Map([
    ['projection.enabled', 'true'],
    ['projection.day.format', 'yyyy/MM/dd'],
    ['projection.day.type', 'date'],
  ]),
};
