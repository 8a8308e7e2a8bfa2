// Says whether a tag may be released from this checkout: `node scripts/release/check-tag.mjs [TAG]`, by default $CIRCLE_TAG.
//
// The filter of the pipeline has looked at the tag already. This looks again, and at what it cannot know: a published version cannot
// be taken back, on neither of both sides.
import { readFile } from 'node:fs/promises';

/** What CHANGELOG.md says under the heading of a version, or undefined without such a heading. */
function changelogSection(changelog, version) {
  const [, ...sections] = changelog.split(/^## /m);
  const heading = new RegExp(`^\\[?${version.replaceAll('.', '\\.')}\\]? - \\d{4}-\\d{2}-\\d{2}\\n`);
  return sections.find(section => heading.test(section))?.replace(heading, '');
}

function tagProblems(tag, manifest, lock, changelog) {
  const [, version] = /^v((?:0|[1-9]\d*)\.(?:0|[1-9]\d*)\.(?:0|[1-9]\d*))$/.exec(tag) ?? [];
  if (version === undefined) return [`the tag '${tag}' is not of the form v1.2.3`];
  const section = changelogSection(changelog, version);
  return [
    ...(manifest.version === version ? [] : [`package.json has version ${manifest.version}, not ${version}`]),
    ...(lock.version === version ? [] : [`package-lock.json has version ${lock.version}, not ${version}`]),
    ...(section === undefined ? [`CHANGELOG.md has no heading '## ${version} - YYYY-MM-DD'`] : []),
    ...(section !== undefined && !/^- /m.test(section) ? [`CHANGELOG.md says nothing about ${version}`] : []),
  ];
}

const tag = process.argv[2] ?? process.env.CIRCLE_TAG ?? '';
const [manifest, lock, changelog] = await Promise.all(
  ['package.json', 'package-lock.json', 'CHANGELOG.md'].map(path => readFile(path, 'utf8')),
);
const problems = tagProblems(tag, JSON.parse(manifest), JSON.parse(lock), changelog);
for (const problem of problems) console.error(`error: ${problem}`);
if (problems.length > 0) process.exitCode = 1;
else console.log(`${tag} may be released`);
