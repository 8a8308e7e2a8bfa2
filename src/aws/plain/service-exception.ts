/** An error that a service itself answered, in the form of the SDK's, which `toAwsError` and the SDK's retries read. */
export class ServiceException extends Error {
  override readonly name: string;
  readonly $fault: 'client' | 'server';

  /** @param status of HTTP, which says whose fault it is */
  constructor(name: string, message: string, status: number) {
    super(message);
    this.name = name;
    this.$fault = status < 500 ? 'client' : 'server';
  }
}
