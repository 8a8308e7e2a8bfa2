import type { ValuePath } from './shown-value.ts';

/** Fields that change by themselves, or follow from others, in lower case: times, revisions, states on the way, figures of use. */
const NOISE = new Set(
  `
lastmodified lastmodifieddate lastmodifiedtime lastmodifiedtimestamp lastupdated lastupdatedat lastupdatedate lastupdatedtime
lastupdatedtimestamp lastupdatetime lastupdatestatus lastupdatestatusreason lastupdatestatusreasoncode lastaccesseddate
updatedat updatedate revisionid etag lastused lastuseddate rolelastused passwordlastused
itemcount tablesizebytes tablesizeinbytes indexsizebytes numberofdecreasestoday lastincreasedatetime lastdecreasedatetime
lastupdatetopayperrequestdatetime approximatenumberofmessages approximatenumberofmessagesdelayed
approximatenumberofmessagesnotvisible approximatecreationdatetime
runningcount pendingcount runningtaskscount pendingtaskscount registeredcontainerinstancescount
driftinformation lastchecktimestamp latestrestorabletime statereason statereasoncode statereasondata stateupdatedtimestamp
statetransitionedtimestamp statevalue
`
    .trim()
    .split(/\s+/),
);

/** Where all that lies in a field is noise, by the type of the resource. */
const WITHIN: Readonly<Record<string, readonly string[]>> = {
  'AWS::ECS::Service': ['deployments', 'events', 'taskSets'],
  'AWS::AutoScaling::AutoScalingGroup': ['instances'],
};

/** Whether a difference tells nothing: nobody set it. Tags and what has a name that somebody chose are never noise. */
export function isNoise(type: string, path: ValuePath): boolean {
  const [root, first = ''] = path;
  if (root !== 'configuration') return false;
  if ((WITHIN[type] ?? []).some(name => name.toLowerCase() === first.toLowerCase())) return true;
  const rank = path.findIndex(name => NOISE.has(name.toLowerCase()));
  return (
    rank !== -1 && !path.slice(0, rank).some(name => /^(?:variables|tags|parameters|labels)$/i.test(name))
  );
}
