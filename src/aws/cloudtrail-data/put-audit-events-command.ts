import { makeBuilder } from '@smithy/core/client';
import { getEndpointPlugin } from '@smithy/core/endpoints';
import type { MetadataBearer } from '@smithy/types';
import type { CloudTrailDataClientResolvedConfig } from './client.ts';
import { ENDPOINT_PARAMETERS } from './endpoint.ts';
import type { PutAuditEventsRequest, PutAuditEventsResponse } from './models.ts';
import { PUT_AUDIT_EVENTS } from './schemas.ts';

/** Input of {@link PutAuditEventsCommand}. */
export interface PutAuditEventsCommandInput extends PutAuditEventsRequest {}

/** Output of {@link PutAuditEventsCommand}. */
export interface PutAuditEventsCommandOutput extends PutAuditEventsResponse, MetadataBearer {}

const command = makeBuilder<
  CloudTrailDataClientResolvedConfig,
  PutAuditEventsCommandInput,
  PutAuditEventsCommandOutput
>(ENDPOINT_PARAMETERS, 'CloudTrailDataService', 'CloudTrailDataClient', getEndpointPlugin);

/**
 * Stores up to 100 events in the event data stores behind a channel.
 *
 * An event can be refused although the call succeeds: read `failed` of the output.
 *
 * @see https://docs.aws.amazon.com/awscloudtraildata/latest/APIReference/API_PutAuditEvents.html
 */
export class PutAuditEventsCommand extends command<PutAuditEventsCommandInput, PutAuditEventsCommandOutput>(
  {},
  () => [],
  'PutAuditEvents',
  PUT_AUDIT_EVENTS,
) {}
