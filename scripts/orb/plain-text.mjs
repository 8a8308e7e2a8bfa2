import { Schema } from 'yaml';

const SCHEMAS = ['core', 'yaml-1.1'].map(name => new Schema({ schema: name, merge: false }));

/**
 * Whether YAML 1.1, 1.2 or gopkg.in/yaml.v3 takes this text, unquoted, for something other than a string.
 *
 * @param {string} text
 * @returns {boolean}
 */
export function isMoreThanText(text) {
  // yaml.v3 reads a number without its underscores, wherever they are, and takes 0X for 0x.
  const forms = /^[-+.\d]/.test(text) ? [text, text.replaceAll('_', '').toLowerCase()] : [text];
  return SCHEMAS.some(schema =>
    schema.tags.some(tag => 'test' in tag && tag.default && forms.some(form => tag.test?.test(form))),
  );
}
