import { describeS3Folder, parseS3Folder, parseTrailFolder } from '../../core/base/s3-address.ts';
import { type DoctorCheck, passed } from '../../core/doctor-check.ts';
import { type DoctorScene, diagnose } from './scene.ts';

const BUCKET = /^s3:/i;

/** The checks of how buckets of markers and of trails are named that are read; none where no setting names one. */
export function checkBucketNames({ trail }: DoctorScene): Promise<DoctorCheck[]> {
  const check = (name: string, sources: readonly string[], titleOf: (source: string) => string) => {
    const named = [...new Set(sources.filter(source => BUCKET.test(source)))];
    return named.length === 0
      ? []
      : [diagnose(name, async () => passed(name, named.map(titleOf).join('; ')))];
  };
  return Promise.all([
    ...check('bucket', trail.markers, source => describeS3Folder(parseS3Folder(source, '--markers'))),
    ...check('trail-bucket', trail.changes, source =>
      describeS3Folder(parseTrailFolder(source, '--changes')),
    ),
  ]);
}
