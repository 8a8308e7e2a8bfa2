// What may be shown is listed, and what may not is not: nobody can list all that is secret.

/** Fields of AWS's APIs whose values are known to be no secrets, in lower case. */
const PLAIN = new Set(
  `
acl action actions actionsenabled allocatedstorage alarmactions applyon architectures attributename attributetype autopublishalias
availabilityzone availabilityzones aws azmode backupretentionperiod batchsize billingmode bucket capabilities
capacityprovider cidr cidrip cidrblock cluster codesha256 codesize comparisonoperator compatibleruntimes
configurationsource containername containerport cpu dbinstanceclass delayseconds desiredcapacity desiredcount destination
dimensions dryrun effect enabled enablednsnames encrypted engine engineversion evaluationperiods eventpattern
family federated fifoqueue filename from fromport function functionname functionversion group grantee
handler healthcheckgraceperiodseconds hostport image imageuri indexname instancetype iops ipprotocol
kerneltype kind kmskeyid kmsmasterkeyid launchtype layers level listener location logformat loggroup loglevel
logginglevel maxcapacity maxsize maxsessionduration memory memorysize metricname mincapacity minsize mode
multiaz name namespace networkmode notaction notprincipal notresource operatingsystemfamily owner packagetype
partitioncount path pathprefix permission permissionsboundary placement platform platformversion port preset principal
principals priority projectionexpression projectiontype protocol provider publish qualifier queuename queueurl
rate readcapacityunits region resource resources role rollback runtime runtimeplatform s3bucket s3key s3objectversion
schedule scheduleexpression schedulingstrategy scope securitygroups service servicename shardcount shutdownbehavior sid size
snapshotid sourceaccount sse ssetype stackname stagename state status statistic storagetype streamviewtype subnets
suspendprocess taskdefinition tablename target tenancy threshold throughput timeout toport treatmissingdata trafficroutingtype
type unit updatestrategy username version versioning visibilitytimeout volumetype vpc weight writecapacityunits zone
`
    .trim()
    .split(/\s+/),
);

/** How the names of further such fields end. */
const PLAIN_END =
  /(?:Arn|Arns|Class|Count|Cidr|Days|Duration|Enabled|Engine|Family|Format|Group|Groups|Hours|Id|Ids|Interval|Kind|Level|Limit|Minutes|Mode|Name|Names|Percent|Period|Port|Priority|Protocol|Region|Role|Runtime|Seconds|Sha256|Size|State|Status|Strategy|Threshold|Timeout|Type|Types|Units|Version|Zone|Zones)$/;

/** In whatever way a name ends, these words in it say that the value opens something. */
const SECRET_WORD =
  /passw|passphrase|pwd|secret(?!Id$|Arn$|Name$)|token|credential|private|signature|externalid|authkey|apikey(?!Id$)|accesskey|connectionstring|\bpin\b|otp|mfa/i;

/** Fields that hold whatever somebody puts there; numbers in them are no more known than texts. */
const ANYTHING =
  /^(?:.*(?:value|values|body|data|input|output|content|contents|command|entrypoint|arguments|args|definition|script|payload|message|description|comment|reason|userdata|metadata|document|text|password|secret|token|pin|code))$/i;

/** Maps whose names somebody chose: their values can be anything. */
const FREE_MAP = new Set(
  `
variables environment environmentvariables environmentfiles env tags tagset taglist parameters stageparameters labels dockerlabels metadata
options driveropts stagevariables secrets secretoptions requestparameters responseparameters authparameters headers
defaultarguments nonoverridablearguments arguments inputs outputs condition conditions parameteroverrides
usermetadata customdata clientmetadata messageattributes context encryptioncontext
`
    .trim()
    .split(/\s+/),
);

/** Whether a field of this name holds no secret, whatever it holds. Names are those of APIs, templates and Config alike. */
export function isPlainName(name: string): boolean {
  const own = lowerFirst(name);
  if (SECRET_WORD.test(own)) return false;
  return PLAIN.has(own.toLowerCase()) || PLAIN_END.test(own);
}

/** Whether a number or a yes or no in a field of this name can be told. */
export function isPlainFigure(name: string): boolean {
  return isPlainName(name) || (!SECRET_WORD.test(name) && !ANYTHING.test(name));
}

/** Whether anything can lie in a field of this name: somebody chose the names in it, or it holds what opens something. */
export function holdsAnything(name: string): boolean {
  return FREE_MAP.has(name.toLowerCase()) || SECRET_WORD.test(name) || /auth(?!or)/i.test(name);
}

function lowerFirst(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
