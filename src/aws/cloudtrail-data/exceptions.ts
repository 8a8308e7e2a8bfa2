import {
  type ExceptionOptionType,
  ServiceException,
  type ServiceExceptionOptions,
} from '@smithy/core/client';

/** Base of every error that the service itself answers. */
export class CloudTrailDataServiceException extends ServiceException {
  static override readonly shapeId: string =
    'smithy.ts.sdk.synthetic.com.amazonaws.cloudtraildata#CloudTrailDataServiceException';

  constructor(options: ServiceExceptionOptions) {
    super(options);
    Object.setPrototypeOf(this, CloudTrailDataServiceException.prototype);
  }
}

/** The caller's account is not allowed to put events into the channel. */
export class ChannelInsufficientPermission extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#ChannelInsufficientPermission';
  override readonly name = 'ChannelInsufficientPermission' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<ChannelInsufficientPermission, CloudTrailDataServiceException>) {
    super({ name: 'ChannelInsufficientPermission', $fault: 'client', ...options });
    Object.setPrototypeOf(this, ChannelInsufficientPermission.prototype);
  }
}

/** The channel does not exist. */
export class ChannelNotFound extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#ChannelNotFound';
  override readonly name = 'ChannelNotFound' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<ChannelNotFound, CloudTrailDataServiceException>) {
    super({ name: 'ChannelNotFound', $fault: 'client', ...options });
    Object.setPrototypeOf(this, ChannelNotFound.prototype);
  }
}

/** The schema type of the event is not supported. */
export class ChannelUnsupportedSchema extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#ChannelUnsupportedSchema';
  override readonly name = 'ChannelUnsupportedSchema' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<ChannelUnsupportedSchema, CloudTrailDataServiceException>) {
    super({ name: 'ChannelUnsupportedSchema', $fault: 'client', ...options });
    Object.setPrototypeOf(this, ChannelUnsupportedSchema.prototype);
  }
}

/** Two entries of one request share an id. */
export class DuplicatedAuditEventId extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#DuplicatedAuditEventId';
  override readonly name = 'DuplicatedAuditEventId' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<DuplicatedAuditEventId, CloudTrailDataServiceException>) {
    super({ name: 'DuplicatedAuditEventId', $fault: 'client', ...options });
    Object.setPrototypeOf(this, DuplicatedAuditEventId.prototype);
  }
}

/** The ARN is not the ARN of a channel. */
export class InvalidChannelARN extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#InvalidChannelARN';
  override readonly name = 'InvalidChannelARN' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<InvalidChannelARN, CloudTrailDataServiceException>) {
    super({ name: 'InvalidChannelARN', $fault: 'client', ...options });
    Object.setPrototypeOf(this, InvalidChannelARN.prototype);
  }
}

/** The operation is not supported in this Region or account. */
export class UnsupportedOperationException extends CloudTrailDataServiceException {
  static override readonly shapeId: string = 'com.amazonaws.cloudtraildata#UnsupportedOperationException';
  override readonly name = 'UnsupportedOperationException' as const;
  override readonly $fault = 'client' as const;

  constructor(options: ExceptionOptionType<UnsupportedOperationException, CloudTrailDataServiceException>) {
    super({ name: 'UnsupportedOperationException', $fault: 'client', ...options });
    Object.setPrototypeOf(this, UnsupportedOperationException.prototype);
  }
}
