import { callsTo, type SampleCall } from './sample-calls.ts';

/** A newer call of EC2, which has what it asks and answers one level deeper. */
function nested(
  action: string,
  asked: object,
  things: string,
  answered?: object,
): readonly [string, object, string, object | null] {
  const answer = answered === undefined ? null : { [`${action}Response`]: answered };
  return [action, { [`${action}Request`]: asked }, things, answer];
}

const PROFILE = { iamInstanceProfileAssociation: { associationId: 'iip-1', instanceId: 'i-1' } };

/** Calls of EC2 that name their thing by way of another, or only in what is answered. */
export const MACHINE_CALLS: readonly SampleCall[] = callsTo('ec2', [
  nested('DisassociateIamInstanceProfile', { AssociationId: 'iip-1' }, 'i-1', PROFILE),
  nested('ReplaceIamInstanceProfileAssociation', { AssociationId: 'iip-1' }, 'i-1', PROFILE),
  nested('CreateReplaceRootVolumeTask', { ImageId: 'ami-1', InstanceId: 'i-1', ClientToken: 'x' }, 'i-1', {
    replaceRootVolumeTask: { replaceRootVolumeTaskId: 'replacevol-1', instanceId: 'i-1' },
  }),
  nested('ModifyInstanceCreditSpecification', { InstanceCreditSpecification: { InstanceId: 'i-1' } }, 'i-1'),
  nested('CreateLaunchTemplateVersion', { SourceVersion: '1', LaunchTemplateName: 'web' }, 'lt-1', {
    launchTemplateVersion: { launchTemplateName: 'web', launchTemplateId: 'lt-1' },
  }),
  nested('EnableFastSnapshotRestores', { SourceSnapshotId: { tag: 1, content: 'snap-1' } }, 'snap-1'),
  nested('ModifyVpcEndpointServiceConfiguration', { ServiceId: 'vpce-svc-1' }, 'vpce-svc-1'),
  nested('CreateVpcEndpointServiceConfiguration', { AcceptanceRequired: true }, 'vpce-svc-1', {
    serviceConfiguration: { serviceId: 'vpce-svc-1' },
  }),
  nested(
    'AcceptVpcEndpointConnections',
    { VpcEndpointId: { content: 'vpce-1' }, ServiceId: 'vpce-svc-1' },
    'vpce-svc-1',
  ),
  nested(
    'AuthorizeClientVpnIngress',
    { ClientVpnEndpointId: 'cvpn-1', TargetNetworkCidr: '0.0.0.0/0' },
    'cvpn-1',
  ),
  nested('CreateClientVpnRoute', { TargetVpcSubnetId: 'subnet-1', ClientVpnEndpointId: 'cvpn-1' }, 'cvpn-1'),
  nested(
    'AssociateClientVpnTargetNetwork',
    { SubnetId: 'subnet-1', ClientVpnEndpointId: 'cvpn-1' },
    'cvpn-1',
  ),
  nested('CreateClientVpnEndpoint', { VpcId: 'vpc-1' }, 'cvpn-1', { clientVpnEndpointId: 'cvpn-1' }),
  ['CreatePlacementGroup', { strategy: 'cluster', groupName: 'near' }, 'near'],
  ['ModifyInstancePlacement', { groupName: 'near', instanceId: 'i-1' }, 'i-1'],
]);
