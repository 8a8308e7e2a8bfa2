import { Enums, Models, Serialize, Spec } from '@cyclonedx/cyclonedx-library';

/** Purl of an npm package: https://github.com/package-url/purl-spec/blob/main/types-doc/npm-definition.md */
const npmPurl = (name, version) => `pkg:npm/${name.replace(/^@/, '%40')}@${version}`;

function toComponent(type, { name, version, license, sha512 }) {
  const [, group, plain] = /^(?:(@[^/]+)\/)?(.+)$/.exec(name);
  const purl = npmPurl(name, version);
  const component = new Models.Component(type, plain, { group, version, purl, bomRef: purl });
  component.licenses.add(new Models.SpdxLicense(license));
  component.hashes.set(Enums.HashAlgorithm['SHA-512'], sha512);
  return component;
}

/**
 * A software bill of materials in CycloneDX 1.6 JSON: the published package and all that is bundled in it.
 *
 * It says nothing of the time and has no random number, so that the same sources give the same file.
 *
 * @param product, packages each with name, version, license (SPDX) and sha512 (hex) of the npm tarball
 */
export function sbomText(product, packages) {
  const bom = new Models.Bom();
  const root = toComponent(Enums.ComponentType.Application, product);
  bom.metadata.component = root;
  bom.metadata.lifecycles.add(Enums.LifecyclePhase.Build);
  for (const each of packages) {
    const component = toComponent(Enums.ComponentType.Library, each);
    bom.components.add(component);
    root.dependencies.add(component.bomRef);
  }
  const factory = new Serialize.JSON.Normalize.Factory(Spec.Spec1dot6);
  return `${new Serialize.JsonSerializer(factory).serialize(bom, { sortLists: true, space: 2 })}\n`;
}
