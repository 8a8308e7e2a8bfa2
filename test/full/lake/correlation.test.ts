import { describe, expect, it } from 'vitest';
import { openLakeTables } from './dialect.ts';
import { ACCOUNT, by, change, DEPLOYER, deploy, rowsOf, SOMEBODY, verdicts } from './scene.ts';

describe('the correlation statement', () => {
  it('gives a row with what a reader wants to know', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a')]);
    await lake.addChanges([
      change('e1', {
        userIdentity: { type: 'AssumedRole', arn: DEPLOYER, invokedBy: 'cloudformation.amazonaws.com' },
      }),
    ]);
    expect(await rowsOf(lake)).toEqual([
      {
        deploy_id: 'deploy-a',
        marker_uid: 'uid-a',
        env: 'prod',
        component: 'lambda:resize-image',
        account: ACCOUNT,
        region: 'eu-west-1',
        git_sha: 'a1b2c3d',
        status: 'success',
        role_session_name: 'ci-prod-a1b2c3d',
        started_at: new Date('2025-12-14T08:05:10Z'),
        deployed_at: new Date('2025-12-14T08:12:34Z'),
        rule: 'session',
        standing: 'explained',
        event_id: 'e1',
        event_time: new Date('2025-12-14T08:10:00Z'),
        event_name: 'UpdateFunctionCode',
        changed: 'lambda:resize-image',
        actor: DEPLOYER,
        invoked_by: 'cloudformation.amazonaws.com',
      },
    ]);
  });

  it('keeps a marker without a change, once', async () => {
    expect(await verdicts([deploy('a')], [])).toEqual(['uid-a -']);
  });

  it('folds copies of a marker, and takes the earliest recorded one', async () => {
    const copy = deploy('a', { recorded_at: '2025-12-14T09:00:00Z', git_sha: 'ffffffff' });
    const lake = await openLakeTables();
    await lake.addMarkers([copy, deploy('a')]);
    await lake.addChanges([change('e1'), change('e2')]);
    const rows = await rowsOf(lake);
    expect(rows.map(row => [row['event_id'], row['git_sha']])).toEqual([
      ['e1', 'a1b2c3d'],
      ['e2', 'a1b2c3d'],
    ]);
  });

  it('takes the markers of a deploy as one: its start from the first, its end from the final one', async () => {
    const {
      deployed_at: _,
      started_at: __,
      ...running
    } = deploy('a', {
      uid: 'uid-running',
      status: 'running',
      recorded_at: '2025-12-14T05:00:00Z',
    });
    const { started_at: ___, ...ended } = deploy('a');
    expect(await verdicts([running, ended], [change('e1', { eventTime: '2025-12-14T05:01:00Z' })])).toEqual([
      'uid-a e1 session explained',
    ]);
  });

  it('gives a change that was delivered twice once', async () => {
    expect(await verdicts([deploy('a')], [change('e1'), change('e1')])).toEqual([
      'uid-a e1 session explained',
    ]);
  });

  it.each([
    ['a failed call', { errorCode: 'AccessDenied', requestParameters: null }],
    ['a dry run', { requestParameters: { functionName: 'resize-image', dryRun: true } }],
    ['a read', { eventName: 'GetFunction20150331v2', readOnly: true }],
    [
      'a look at what has drifted',
      {
        eventSource: 'cloudformation.amazonaws.com',
        eventName: 'DetectStackDrift',
        requestParameters: { stackName: 'b' },
      },
    ],
    ['a call of the function', { eventName: 'Invoke', managementEvent: false }],
    ['a change before the window', { eventTime: '2025-12-14T08:03:09Z' }],
    ['a change after the window', { eventTime: '2025-12-14T08:22:35Z' }],
    [
      'another function by somebody else',
      { ...by(SOMEBODY), requestParameters: { functionName: 'resize-image-2' } },
    ],
    ['another account', { recipientAccountId: '999999999999' }],
    ['another Region', { awsRegion: 'us-east-1' }],
  ])('leaves out %s', async (_, fields) => {
    expect(await verdicts([deploy('a')], [change('e1', fields)])).toEqual(['uid-a -']);
  });

  it.each([['2025-12-14T08:03:10Z'], ['2025-12-14T08:22:34Z']])(
    'counts the ends of the window, %s',
    async eventTime => {
      expect(await verdicts([deploy('a')], [change('e1', { eventTime })])).toEqual([
        'uid-a e1 session explained',
      ]);
    },
  );

  it.each([
    ['an IAM user', by(`arn:aws:iam::${ACCOUNT}:user/path/Bob`, 'IAMUser')],
    ['root', by(`arn:aws:iam::${ACCOUNT}:root`, 'Root')],
    ['no identity at all', { userIdentity: null }],
    ['another session', by(SOMEBODY)],
    [
      "a person's Identity Center session of the same name",
      by(`arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_1/ci-prod-a1b2c3d`),
    ],
    [
      'the same session name of another role',
      by(`arn:aws:sts::${ACCOUNT}:assumed-role/other/ci-prod-a1b2c3d`),
    ],
  ])('does not lose a change by %s: it is coincident', async (_, fields) => {
    expect(await verdicts([deploy('a')], [change('e1', fields)])).toEqual(['uid-a e1 window coincident']);
  });

  it('explains a change in the window by the deploy role under another session', async () => {
    const other = by(`arn:aws:sts::${ACCOUNT}:assumed-role/deploy/another`);
    expect(await verdicts([deploy('a')], [change('e1', other)])).toEqual(['uid-a e1 window explained']);
  });

  it('gives a change to the deploy of its component among those of its session, and others to the first of the run', async () => {
    const markers = [deploy('a'), deploy('b', { component: 'lambda:other' })];
    const other = { requestParameters: { functionName: 'other' } };
    expect(
      await verdicts(markers, [
        change('e1'),
        change('e2', other),
        change('e3', { requestParameters: { functionName: 'third' } }),
      ]),
    ).toEqual(['uid-a e1 session explained', 'uid-a e3 session explained', 'uid-b e2 session explained']);
  });

  it('prefers the session to the window, and keeps the marker that came away empty', async () => {
    const rival = deploy('b', { role_session_name: 'ci-prod-rival' });
    expect(await verdicts([deploy('a'), rival], [change('e1')])).toEqual([
      'uid-a e1 session explained',
      'uid-b -',
    ]);
  });

  it('opens the window an hour before the end where no marker tells the start', async () => {
    const { started_at: _, ...marker } = deploy('a');
    const times = ['2025-12-14T07:12:33Z', '2025-12-14T07:12:34Z'];
    expect(
      await verdicts(
        [marker],
        times.map((eventTime, i) => change(`e${i}`, { eventTime })),
      ),
    ).toEqual(['uid-a e1 session explained']);
  });

  it('finds changes in every hour of a long window, and in every day of a longer one', async () => {
    const marker = deploy('a', { started_at: '2025-12-11T08:00:00Z' });
    const hours = ['14T02:10:34', '14T03:59:59', '14T04:00:00', '14T07:30:00', '14T08:22:34'];
    const days = ['11T09:10:00', '11T23:10:00', '12T12:10:00', '13T01:10:00', '14T08:10:00'];
    const found = async (times: readonly string[], query: object): Promise<unknown[]> => {
      const lake = await openLakeTables();
      await lake.addMarkers([marker]);
      await lake.addChanges(times.map((time, i) => change(`e${i}`, { eventTime: `2025-12-${time}Z` })));
      return (await rowsOf(lake, query)).map(row => row['event_id']);
    };
    const all = ['e0', 'e1', 'e2', 'e3', 'e4'];
    expect(await found(hours, {})).toEqual(all);
    expect(await found(days, { unfinishedAfter: 96 * 3_600_000 })).toEqual(all);
    expect(await found(days, {})).toEqual(['e4']);
  });

  it('shows the deploys that are asked for, judged among all', async () => {
    const rival = deploy('b', {
      role_session_name: 'ci-prod-rival',
      git_sha: 'bbbbbbb0123',
      component: 'stack:billing',
    });
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a'), rival]);
    await lake.addChanges([change('e1')]);
    const shown = async (query: object) => (await rowsOf(lake, query)).map(row => row['marker_uid']);
    expect(await shown({ component: 'stack:billing' })).toEqual(['uid-b']);
    expect(await shown({ gitSha: 'BBBBBBB' })).toEqual(['uid-b']);
    expect(await shown({ gitSha: 'a1b2c3d4e5f6' })).toEqual(['uid-a']);
    expect(await shown({ sessionName: 'ci-prod-rival' })).toEqual(['uid-b']);
    expect(await shown({ component: 'lambda:none' })).toEqual([]);
  });

  it('an ARN asks for what is in its account and Region', async () => {
    const away = { account: ACCOUNT, region: 'us-east-1' };
    const { account: _, region: __, ...untold } = deploy('c', { role_session_name: 'ci-prod-untold' });
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a'), deploy('b', { ...away, role_session_name: 'ci-prod-away' }), untold]);
    await lake.addChanges([
      change('e1'),
      change('e2', { ...by(DEPLOYER.replace('ci-prod-a1b2c3d', 'ci-prod-away')), awsRegion: 'us-east-1' }),
      change('e3', { ...by(DEPLOYER.replace('ci-prod-a1b2c3d', 'ci-prod-untold')), awsRegion: 'us-east-1' }),
    ]);
    const shown = async (component: string) =>
      (await rowsOf(lake, { component })).map(row => `${row['marker_uid']} ${row['event_id']}`).sort();
    const arn = (region: string, account = ACCOUNT) =>
      `arn:aws:lambda:${region}:${account}:function:resize-image`;
    expect(await shown('lambda:resize-image')).toEqual(['uid-a e1', 'uid-b e2', 'uid-c e3']);
    expect(await shown(arn('eu-west-1'))).toEqual(['uid-a e1']);
    expect(await shown(arn('us-east-1'))).toEqual(['uid-b e2', 'uid-c e3']);
    expect(await shown(`lambda:${ACCOUNT}:function:resize-image`)).toEqual([
      'uid-a e1',
      'uid-b e2',
      'uid-c e3',
    ]);
    expect(await shown(arn('eu-west-1', '999999999999'))).toEqual([]);
  });

  it('shows no explanations: they are no deploys', async () => {
    expect(
      await verdicts([deploy('x', { explains: '6f2d3c1e-0000-4000-8000-000000000000' })], [change('e1')]),
    ).toEqual([]);
  });

  it('takes a start that is no time for none', async () => {
    expect(await verdicts([deploy('a', { started_at: 'yesterday' })], [change('e1')])).toEqual([
      'uid-a e1 session explained',
    ]);
  });

  it('prefers the deploy that is under way, and the deploy role', async () => {
    const later = deploy('b', { started_at: '2025-12-14T08:11:00Z', deployed_at: '2025-12-14T08:15:00Z' });
    expect(await verdicts([deploy('a'), later], [change('e1')])).toEqual([
      'uid-a e1 session explained',
      'uid-b -',
    ]);
    const other = deploy('b', {
      role_arn: 'arn:aws:iam::123456789012:role/other',
      role_session_name: 'ci-prod-b',
    });
    const byRole = by(`arn:aws:sts::${ACCOUNT}:assumed-role/other/another`);
    expect(await verdicts([deploy('a'), other], [change('e1', byRole)])).toEqual([
      'uid-a -',
      'uid-b e1 window explained',
    ]);
  });

  it('ties no session to a deploy by its name, where no marker tells the role', async () => {
    const { role_arn: _, ...marker } = deploy('a');
    const person = by(`arn:aws:sts::${ACCOUNT}:assumed-role/AWSReservedSSO_Admin_1/ci-prod-a1b2c3d`);
    expect(await verdicts([marker], [change('e1', person), change('e2')])).toEqual([
      'uid-a e1 window coincident',
      'uid-a e2 window coincident',
    ]);
  });

  it('takes keys that came from the console for a person’s', async () => {
    expect(await verdicts([deploy('a')], [change('e1', { sessionCredentialFromConsole: 'true' })])).toEqual([
      'uid-a e1 window coincident',
    ]);
  });

  it.each([
    ['lambda:?', {}],
    ['lambda:?', { requestParameters: null }],
    ['stack:?', { eventSource: 'cloudformation.amazonaws.com', eventName: 'ExecuteChangeSet' }],
  ])('prints %s for a call that does not tell what it changed', async (changed, fields) => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a')]);
    await lake.addChanges([change('e1', { requestParameters: {}, ...fields })]);
    const [row] = await rowsOf(lake);
    expect(row).toMatchObject({ event_id: 'e1', rule: 'session', changed });
  });

  it('shows a change once, however many windows, jobs and components its deploy has', async () => {
    const parts = [
      deploy('a'),
      deploy('a', { uid: 'u2', component: 'lambda:other' }),
      deploy('a', { uid: 'u3', component: 'lambda:third', role_session_name: 'ci-prod-b1b2c3d' }),
      deploy('a', { uid: 'u4', recorded_at: '2025-12-14T08:14:35Z', deployed_at: '2025-12-14T08:14:34Z' }),
    ];
    const helper = { requestParameters: { functionName: 'helper' } };
    const found = await verdicts(parts, [change('e1'), change('e2', helper)]);
    expect(found.filter(row => row.includes(' e1 '))).toEqual(['u4 e1 session explained']);
    expect(found.filter(row => row.includes(' e2 '))).toHaveLength(1);
  });

  it('shows what is of none of its components with the one that is asked for', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a'), deploy('a', { uid: 'u2', component: 'lambda:other' })]);
    await lake.addChanges([change('e1', { requestParameters: { functionName: 'helper' } })]);
    const shown = async (component: string) =>
      (await rowsOf(lake, { component })).map(row => `${row['component']} ${row['event_id']}`);
    expect(await shown('lambda:other')).toEqual(['lambda:other e1']);
    expect(await shown('lambda:resize-image')).toEqual(['lambda:resize-image e1']);
  });

  it('shows a deploy whose start is told after its end', async () => {
    const marker = deploy('a', { started_at: '2025-12-14T12:00:00Z' });
    expect(await verdicts([marker], [change('e1')])).toEqual(['uid-a -']);
  });

  it('reads no marker that does not tell when it was recorded, or of which deploy', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([deploy('a'), deploy('b'), deploy('c')]);
    for (const [uid, field] of [
      ['uid-a', 'recorded_at'],
      ['uid-b', 'deploy_id'],
    ]) {
      await lake.run(`UPDATE ${lake.markerStore} SET eventdata = struct_update(eventdata, requestparameters := map_from_entries(
        list_filter(map_entries(eventdata.requestparameters), lambda e: e.key <> '${field}'))) WHERE eventdata.uid = '${uid}'`);
    }
    await lake.addChanges([change('e1')]);
    expect((await rowsOf(lake)).map(row => row['marker_uid'])).toEqual(['uid-c']);
  });

  it('goes by the store’s own time where it tells one', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([
      deploy('a'),
      deploy('a', { recorded_at: '2025-12-14T08:12:00Z', git_sha: 'bbbbbbb' }),
    ]);
    await lake.run(`UPDATE ${lake.markerStore} SET metadata = {'ingestiontime': CASE element_at(eventdata.requestparameters, 'git_sha')
      WHEN 'a1b2c3d' THEN '2025-12-14 08:12:40.000' ELSE '2025-12-15 00:00:00.000' END, 'channelarn': ''}`);
    expect((await rowsOf(lake)).map(row => row['git_sha'])).toEqual(['a1b2c3d']);
  });

  it('shows the changes of the range, and the deploys that were under way in it', async () => {
    const lake = await openLakeTables();
    await lake.addMarkers([
      deploy('a'),
      deploy('b', { component: 'lambda:other', role_session_name: 'ci-b' }),
    ]);
    await lake.addChanges([change('e1'), change('e2', { eventTime: '2025-12-14T08:11:00Z' })]);
    const shown = async (from: string, until: string): Promise<unknown[]> => {
      const range = { from: Date.parse(`2025-12-14T${from}Z`), until: Date.parse(`2025-12-14T${until}Z`) };
      return (await rowsOf(lake, { range, now: Date.parse('2025-12-17T00:00:00Z') })).map(row =>
        [row['marker_uid'], row['event_id']].join(' '),
      );
    };
    expect(await shown('08:10:30', '12:00:00')).toEqual(['uid-a e2', 'uid-b ']);
    expect(await shown('08:22:34', '12:00:00')).toEqual(['uid-a ', 'uid-b ']);
    expect(await shown('08:22:35', '12:00:00')).toEqual([]);
    expect(await shown('08:00:00', '08:03:10')).toEqual([]);
    expect(await shown('08:00:00', '08:03:11')).toEqual(['uid-a ', 'uid-b ']);
  });

  it('takes the final status, however late another marker was recorded', async () => {
    const late = deploy('a', { uid: 'uid-late', status: 'running', recorded_at: '2025-12-14T09:00:00Z' });
    expect(await verdicts([deploy('a'), late], [])).toEqual(['uid-a -']);
  });
});
