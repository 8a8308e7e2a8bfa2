/**
 * What to ask for where somebody gives the address of a page of AWS's console: an ARN that stands in it, or a function or bucket by its
 * name, with the Region that the address has, such as `lambda:resize-image --region eu-west-1`. Undefined for any other address.
 */
export function readConsoleAddress(text: string): string | undefined {
  if (
    !/^https:\/\/[\w.-]*\bconsole\.(?:aws\.amazon|amazonaws-us-gov|amazonaws)\.(?:com|cn)(?:\.cn)?\//.test(
      text,
    )
  ) {
    return undefined;
  }
  const plain = decoded(text);
  const [arn] = /\barn:aws[a-z-]*:[^\s&?#"']+/.exec(plain) ?? [];
  if (arn !== undefined) return arn;
  const [, name] = /\/functions\/([\w-]+)/.exec(plain) ?? [];
  const [, bucket] = /\/s3\/buckets\/([\w.-]+)/.exec(plain) ?? [];
  const component = name === undefined ? bucket && `s3:${bucket}` : `lambda:${name}`;
  if (component === undefined) return undefined;
  const [, region = ''] =
    /[?&]region=([a-z0-9-]+)/.exec(plain) ?? /^https:\/\/([a-z]+(?:-[a-z]+)+-\d)\./.exec(plain) ?? [];
  return region === '' ? component : `${component} --region ${region}`;
}

/** Twice, since the console encodes what stands behind its `#` once more. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(text));
  } catch {
    return text;
  }
}
