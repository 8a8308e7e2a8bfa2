import { type DoctorCheck, passed } from '../../core/doctor-check.ts';
import { type DoctorScene, diagnose } from './scene.ts';

const BUCKET = /^s3:/i;

/** The checks of how buckets of markers and of trails are named that are read; none where no setting names one. */
export async function checkBucketNames({ trail }: DoctorScene): Promise<DoctorCheck[]> {
  if (![...trail.markers, ...trail.changes].some(source => BUCKET.test(source))) return [];
  const s3 = await import('../../core/base/s3-address.ts');
  const check = (name: string, sources: readonly string[], titleOf: (source: string) => string) => {
    const named = [...new Set(sources.filter(source => BUCKET.test(source)))];
    return named.length === 0
      ? []
      : [diagnose(name, async () => passed(name, named.map(titleOf).join('; ')))];
  };
  return Promise.all([
    ...check('bucket', trail.markers, source => s3.describeS3Folder(s3.parseS3Folder(source, '--markers'))),
    ...check('trail-bucket', trail.changes, source =>
      s3.describeS3Folder(s3.parseTrailFolder(source, '--changes')),
    ),
  ]);
}
