import type { ServiceOptions } from '../../../aws/client/service-client.ts';
import { createConfigPace, openConfigHistory } from '../../../aws/config/config-history.ts';
import { type DoctorCheck, noted, passed } from '../../../core/doctor-check.ts';
import type { RecorderState } from '../../../core/investigate/recorded-change.ts';
import { isDeployMarkerError } from '../../../errors/deploy-marker-error.ts';
import { type DoctorScene, diagnoseInTime } from '../scene.ts';

const NAME = 'config-recorder';
const TYPE = 'AWS::Lambda::Function';

const MISSING: Readonly<Record<Exclude<RecorderState['state'], 'recording'>, string>> = {
  none: 'there is no recorder of AWS Config',
  stopped: 'the recorder of AWS Config is stopped',
  'other-types': `the recorder of AWS Config leaves ${TYPE} out`,
};

/** Whether AWS Config has what `investigate` and `audit --diff` show. Nobody needs it, so that nothing of it fails. */
export function checkRecorder(scene: DoctorScene, asking: ServiceOptions): Promise<DoctorCheck> {
  return diagnoseInTime(NAME, scene, 'AWS Config', async signal => {
    const config = openConfigHistory(asking, createConfigPace());
    try {
      const { state, frequency } = await config.describeRecorder(TYPE, signal);
      if (state === 'recording')
        return passed(NAME, `AWS Config records functions in ${asking.region}, ${frequency}`);
      return noted(
        NAME,
        'skipped',
        MISSING[state],
        'for investigate and audit --diff see `deploy-marker template config`',
      );
    } catch (error) {
      if (!isDeployMarkerError(error) || error.code !== 'ACCESS_DENIED') throw error;
      return noted(
        NAME,
        'skipped',
        error.message,
        'for investigate and audit --diff give audit-role Investigation=read',
      );
    } finally {
      config.close();
    }
  });
}
