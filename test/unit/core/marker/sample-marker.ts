import type { Marker } from '../../../../src/core/marker/marker.ts';

/** A marker with every field, and whatever a test wants otherwise. */
export function sampleMarker(fields: Partial<Marker> = {}): Marker {
  return {
    uid: '5a25eab5-7d4c-5b9b-ad4f-93157986caec',
    deploy_id: '23410a39-ba5d-5d5f-ba94-7f2a2046fd82',
    env: 'prod',
    component: 'lambda:resize-image',
    account: '123456789012',
    region: 'eu-west-1',
    git_sha: 'a1b2c3d',
    status: 'success',
    kind: 'deploy',
    started_at: '2025-12-14T08:05:10Z',
    deployed_at: '2025-12-14T08:12:34Z',
    recorded_at: '2025-12-14T08:12:35Z',
    actor: 'circleci',
    triggered_by: 'jane',
    repository: 'acme/app',
    ref: 'main',
    run_id: 'r1',
    workflow: 'deploy-prod',
    job: 'sam-deploy',
    role_session_name: 'ci-prod-a1b2c3d',
    role_arn: 'arn:aws:iam::123456789012:role/deploy',
    target_version: '42',
    previous_git_sha: 'abcdef0',
    reason: 'OPS-123',
    explains: '7d2a9f6e-0b1c-4d3e-8f50-61728394a5b6',
    approved_by: 'joe',
    url: 'https://ci.example/1',
    labels: { team: 'billing', 'cost.centre': '7' },
    ...fields,
  };
}
