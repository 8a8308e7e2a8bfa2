import type { Service, Thing } from '../service.ts';

/**
 * Things of EC2 by the noun in the name of the call, and where their ids stand. A call mentions many more: CreateSubnet has a
 * vpcId.
 */
const BY_NOUN: readonly (readonly [noun: RegExp, ...at: string[]])[] = [
  [/ClientVpn/, 'clientVpnEndpointId', 'answer.clientVpnEndpointId'],
  [/VpcEndpointService|VpcEndpointConnections$/, 'serviceId', 'answer.serviceConfiguration.serviceId'],
  [/FastSnapshotRestores$/, 'sourceSnapshotId'],
  [/PlacementGroup/, 'groupName'],
  [/ReplaceRootVolumeTask/, 'instanceId'],
  [
    /TransitGateway.*Attachment$/,
    'transitGatewayAttachmentId',
    'answer.transitGatewayVpcAttachment.transitGatewayAttachmentId',
    'answer.transitGatewayPeeringAttachment.transitGatewayAttachmentId',
  ],
  [
    /TransitGatewayRoute/,
    'transitGatewayRouteTableId',
    'answer.transitGatewayRouteTable.transitGatewayRouteTableId',
  ],
  [/^(?:Attach|Detach)VpnGateway$/, 'vpnGatewayId'],
  [/^AssociateDhcpOptions$/, 'vpcId'],
  [/PrefixList/, 'prefixListId', 'answer.prefixList.prefixListId'],
  [
    /NetworkInterface|PrivateIp|Ipv6Addr|PublicIpDns/,
    'networkInterfaceId',
    'answer.networkInterface.networkInterfaceId',
  ],
  [/SecurityGroup/, 'groupId', 'answer.groupId', 'answer.securityGroup.groupId', 'groupName'],
  [
    /LaunchTemplate/,
    'launchTemplateId',
    'answer.launchTemplate.launchTemplateId',
    'answer.launchTemplateVersion.launchTemplateId',
    'launchTemplateName',
  ],
  [/Snapshot/, 'answer.snapshotId', 'snapshotId'],
  [/Image/, 'answer.imageId', 'imageId'],
  [/Subnet/, 'subnetId', 'answer.subnet.subnetId'],
  [/VpcEndpoint/, 'vpcEndpointId', 'answer.vpcEndpoint.vpcEndpointId'],
  [/VpcPeering/, 'vpcPeeringConnectionId', 'answer.vpcPeeringConnection.vpcPeeringConnectionId'],
  [/Route/, 'routeTableId', 'answer.routeTable.routeTableId'],
  [/NatGateway/, 'natGatewayId', 'answer.natGateway.natGatewayId'],
  [/InternetGateway/, 'internetGatewayId', 'answer.internetGateway.internetGatewayId'],
  [/NetworkAcl/, 'networkAclId', 'answer.networkAcl.networkAclId'],
  [/Address/, 'allocationId', 'answer.allocationId', 'publicIp'],
  [/KeyPair/, 'keyName', 'keyPairId'],
  [/Vpc(?![EP]|Association$|Attachment$)/, 'vpcId', 'answer.vpc.vpcId'],
  [/Fleet/, 'fleetId', 'answer.fleetId', 'spotFleetRequestId'],
  [/FlowLogs/, 'flowLogId', 'resourceId'],
];

function toThing([calls, ...at]: (typeof BY_NOUN)[number]): Thing {
  return { calls, at };
}

/** Machines and their networks. */
export const MACHINE_SERVICES: readonly Service[] = [
  {
    name: 'ec2',
    isNested: true,
    things: [
      { calls: /^(?:Create|Delete)Tags$/, at: ['resourcesSet.items.resourceId'] },
      // Both ends change.
      {
        calls: /^(?:Attach|Detach)(?:Volume|InternetGateway|NetworkInterface)$/,
        at: ['volumeId', 'internetGatewayId', 'networkInterfaceId', 'instanceId', 'vpcId'],
        isEach: true,
      },
      ...BY_NOUN.map(toThing),
      {
        what: 'volume',
        like: 'ec2:vol-0a1b2c3d4e5f67890',
        calls: /Volume/,
        at: ['volumeId', 'answer.volumeId'],
      },
      {
        what: 'instance',
        like: 'ec2:i-0a1b2c3d4e5f67890',
        calls: /Instance/,
        at: [
          'instancesSet.items.instanceId',
          'instanceId',
          'answer.instancesSet.items.instanceId',
          'answer.iamInstanceProfileAssociation.instanceId',
          'instanceCreditSpecification.instanceId',
        ],
      },
      {
        what: 'anything by its id',
        like: 'ec2:sg-0a1b2c3d4e5f67890',
        calls: /Ingress|Egress/,
        at: ['groupId'],
        arn: /^[\w-]+\/(?<name>[^/]+)$/,
      },
    ],
  },
];
