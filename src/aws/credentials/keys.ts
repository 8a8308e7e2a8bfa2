/** Credentials of AWS, as STS gives them. */
export interface AwsCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** With temporary credentials only. */
  readonly sessionToken?: string;
  /** With temporary credentials only, where known. */
  readonly expiration?: Date;
}
