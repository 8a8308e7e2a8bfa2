import type { Scenario } from './scenario.ts';
import { acrossAccounts } from './scenarios/across-accounts.ts';
import { attestedChange } from './scenarios/attested-change.ts';
import { cdkBridgeRole } from './scenarios/cdk-bridge-role.ts';
import { cdkChain } from './scenarios/cdk-chain.ts';
import { cdkGlobalSts } from './scenarios/cdk-global-sts.ts';
import { chainAcrossAccounts } from './scenarios/chain-across-accounts.ts';
import { chainForwarded } from './scenarios/chain-forwarded.ts';
import { clockEdges, startUntold } from './scenarios/clock-edges.ts';
import { codeDeployShift } from './scenarios/codedeploy-shift.ts';
import { codeDeployShiftBack } from './scenarios/codedeploy-shift-back.ts';
import { consoleCloudFormation } from './scenarios/console-cloudformation.ts';
import { consoleFixInDeploy } from './scenarios/console-fix-in-deploy.ts';
import { consolePeople } from './scenarios/console-people.ts';
import { consoleSessions } from './scenarios/console-sessions.ts';
import { directCli } from './scenarios/direct-cli.ts';
import { emittedArn } from './scenarios/emitted-arn.ts';
import { emptyChangeSet } from './scenarios/empty-change-set.ts';
import { expectedRoleInWindow } from './scenarios/expected-role-in-window.ts';
import { failedDeploy, failedWithoutChange } from './scenarios/failed-deploy.ts';
import { foreignSessions } from './scenarios/foreign-sessions.ts';
import { forgedCopy } from './scenarios/forged-copy.ts';
import { globalServices } from './scenarios/global-services.ts';
import { lateArrival } from './scenarios/late-arrival.ts';
import { layerPublish } from './scenarios/layer-publish.ts';
import { markerWithoutPlace } from './scenarios/marker-without-place.ts';
import { notAChange } from './scenarios/not-a-change.ts';
import { notEnded } from './scenarios/not-ended.ts';
import { oddShapes } from './scenarios/odd-shapes.ts';
import { oneSessionTwoMarkers } from './scenarios/one-session-two-markers.ts';
import {
  servicesByChain,
  servicesByCli,
  servicesByHand,
  servicesByStack,
  servicesInWindow,
} from './scenarios/other-services.ts';
import { overlappingDeploys, overlappingExpectedRole } from './scenarios/overlapping-deploys.ts';
import { repeatedMarkers } from './scenarios/repeated-markers.ts';
import { rollbackCallerSession } from './scenarios/rollback-caller-session.ts';
import { rollbackServiceRole } from './scenarios/rollback-service-role.ts';
import { samCallerSession } from './scenarios/sam-caller-session.ts';
import { samServiceRole } from './scenarios/sam-service-role.ts';
import { samServiceRoleByPattern } from './scenarios/sam-service-role-by-pattern.ts';
import { seenTwice } from './scenarios/seen-twice.ts';
import { servicesAndStrangers } from './scenarios/services-and-strangers.ts';
import { sessionNameOfItsOwn } from './scenarios/session-name-of-its-own.ts';
import { severalComponents } from './scenarios/several-components.ts';
import { stackCoversMembers, stackMarkers, stackMemberUnchanged } from './scenarios/stack-markers.ts';
import { stackUpdateAfterFailure } from './scenarios/stack-update-after-failure.ts';
import { stackWindow } from './scenarios/stack-window.ts';
import { twoAppsOneBridge } from './scenarios/two-apps-one-bridge.ts';
import { twoHopChain } from './scenarios/two-hop-chain.ts';
import { twoPlaces } from './scenarios/two-places.ts';
import { twoStacksOneRole, twoStacksUnmarked } from './scenarios/two-stacks-one-role.ts';
import { withoutChange } from './scenarios/without-change.ts';

/** Every scenario there is. A new one goes to the end: the place in the list is its place in time. */
export const SCENARIOS: readonly Scenario[] = [
  attestedChange,
  cdkBridgeRole,
  cdkChain,
  cdkGlobalSts,
  chainAcrossAccounts,
  chainForwarded,
  clockEdges,
  startUntold,
  codeDeployShiftBack,
  codeDeployShift,
  consoleCloudFormation,
  consoleFixInDeploy,
  consolePeople,
  directCli,
  emittedArn,
  emptyChangeSet,
  expectedRoleInWindow,
  failedDeploy,
  failedWithoutChange,
  foreignSessions,
  lateArrival,
  layerPublish,
  markerWithoutPlace,
  notAChange,
  notEnded,
  oddShapes,
  oneSessionTwoMarkers,
  overlappingDeploys,
  overlappingExpectedRole,
  repeatedMarkers,
  rollbackCallerSession,
  rollbackServiceRole,
  samCallerSession,
  samServiceRoleByPattern,
  samServiceRole,
  seenTwice,
  servicesAndStrangers,
  sessionNameOfItsOwn,
  severalComponents,
  stackMarkers,
  stackCoversMembers,
  stackMemberUnchanged,
  stackUpdateAfterFailure,
  stackWindow,
  twoAppsOneBridge,
  twoHopChain,
  twoPlaces,
  twoStacksOneRole,
  twoStacksUnmarked,
  withoutChange,
  acrossAccounts,
  consoleSessions,
  globalServices,
  forgedCopy,
  servicesByCli,
  servicesByChain,
  servicesByStack,
  servicesInWindow,
  servicesByHand,
];
