import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Licences whose terms are met by shipping their text. Another one needs a person to read it. */
const ALLOWED = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'BlueOak-1.0.0', 'ISC', 'MIT'];

const NOTICE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** The package that holds a file: the nearest package.json upwards that has a name and a version. */
async function owningPackage(file, cache) {
  const folder = dirname(file);
  if (!cache.has(folder)) {
    const manifest = await readFile(join(folder, 'package.json'), 'utf8').then(JSON.parse, () => ({}));
    const found = manifest.name !== undefined && manifest.version !== undefined;
    cache.set(folder, found ? { folder, manifest } : await owningPackage(folder, cache));
  }
  return cache.get(folder);
}

async function readNotices({ folder, manifest }) {
  const { name, version, license, repository } = manifest;
  if (!ALLOWED.includes(license))
    throw new Error(`${name}@${version} is bundled under ${license}; check its terms`);
  const files = (await readdir(folder)).filter(file => NOTICE_FILE.test(file)).sort();
  const texts = await Promise.all(files.map(file => readFile(join(folder, file), 'utf8')));
  const text = texts.map(each => each.replaceAll('\r\n', '\n').trim()).join('\n\n');
  return { name, version, license, source: repository?.url ?? name, text };
}

/** A package that comes without a licence text gets that of another one from the same repository. */
function withText(notice, notices) {
  if (notice.text !== '') return notice;
  const sibling = notices.find(({ source, license, text }) => {
    return source === notice.source && license === notice.license && text !== '';
  });
  if (sibling === undefined)
    throw new Error(`${notice.name}@${notice.version} is bundled but has no licence text`);
  return { ...notice, text: sibling.text };
}

/**
 * The licences of everything in the bundle.
 *
 * @param inputs paths of the bundled files, relative to `root`
 * @throws if a package has no licence text, or a licence that is not on the list
 */
export async function thirdPartyLicenses(root, inputs) {
  const cache = new Map();
  const packages = new Map();
  for (const input of inputs.filter(path => path.includes('node_modules/'))) {
    const owner = await owningPackage(resolve(root, input), cache);
    packages.set(`${owner.manifest.name}@${owner.manifest.version}`, owner);
  }
  const found = await Promise.all([...packages.values()].map(readNotices));
  const notices = found.map(notice => withText(notice, found));
  const title = ({ name, version }) => `${name} ${version}`;
  notices.sort((a, b) => (title(a) < title(b) ? -1 : 1));
  const byText = new Map();
  for (const notice of notices) byText.set(notice.text, [...(byText.get(notice.text) ?? []), notice]);
  const sections = [...byText].map(([text, users]) => {
    const heads = users.map(user => `${title(user)} (${user.license})`);
    return `${heads.join('\n')}\n\n${text}\n`;
  });
  const line = `\n${'-'.repeat(80)}\n\n`;
  return `deploy-marker contains the following packages.\n${line}${sections.join(line)}`;
}
