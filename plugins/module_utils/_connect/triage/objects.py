# Copyright (c) 2026, streamops.kafka_connect contributors
# GNU General Public License v3.0+ (see LICENSES/GPL-3.0-or-later.txt or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Causes in object stores: S3, Google Cloud Storage, Azure."""

from __future__ import annotations

from .signs import cause, sign

_S3 = "AmazonS3Exception S3Exception AmazonServiceException AwsServiceException SdkServiceException"
_STS = "AWSSecurityTokenServiceException StsException"
_GOOGLE = "StorageException"
_GOOGLE_HTTP = "GoogleJsonResponseException HttpResponseException"
_GOOGLE_STORE = ["storage."]
_AZURE = "BlobStorageException DataLakeStorageException"
_STORES = f"{_S3} {_GOOGLE} {_AZURE}"

CAUSES = (
    cause(
        "store_credentials_missing",
        "permanent",
        "the worker finds no credentials for the object store: give it a role or keys (environment variables in the role worker, "
        "or the connector's own keys), then restart with connector_state",
        sign(
            types="SdkClientException AmazonClientException ConnectException",
            says=[
                "Unable to load AWS credentials",
                "Unable to load credentials from",
                "Unable to find a region via the region provider chain",
                "Unable to load region from",
            ],
        ),
        sign(says=["Application Default Credentials are not available", "Your default credentials were not found"]),
    ),
    cause(
        "store_credentials_refused",
        "permanent",
        "the object store refuses these keys, or they have expired: correct them, and the ${provider:path:key} references they come "
        "from",
        sign(
            codes="error:InvalidAccessKeyId error:SignatureDoesNotMatch error:ExpiredToken error:ExpiredTokenException "
            "error:InvalidToken error:InvalidClientTokenId error:UnrecognizedClientException error:TokenRefreshRequired"
        ),
        sign(types=_GOOGLE, codes="http:401"),
        sign(types=_GOOGLE_HTTP, codes="http:401", says=_GOOGLE_STORE),
        sign(types=_S3 + " " + _AZURE, codes="http:401"),
        sign(says=["AWS Access Key Id you provided does not exist", "Error getting access token for service account"]),
        sign(says=["The security token included in the request is", "The provided token has expired"]),
        sign(types=_AZURE, says=["AuthenticationFailed"]),
    ),
    cause(
        "store_clock_differs",
        "permanent",
        "the worker's clock differs from the object store's: synchronize it (NTP)",
        sign(codes="error:RequestTimeTooSkewed"),
    ),
    cause(
        "bucket_missing",
        "permanent",
        "create the bucket or container, or correct its name and region",
        sign(types="NoSuchBucketException"),
        sign(codes="error:NoSuchBucket error:PermanentRedirect error:AuthorizationHeaderMalformed"),
        sign(
            types=_S3,
            codes="http:301",
            says=["must be addressed using the specified endpoint", "wrong region", "is in this region"],
        ),
        sign(says=["The specified bucket does not exist", "Non-existent S3 bucket", "ContainerNotFound"]),
    ),
    cause(
        "store_access_denied",
        "permanent",
        "grant the worker's or connector's identity the rights on the bucket (put, list, abort of uploads; for encrypted buckets "
        "also the key)",
        sign(codes="error:AccessDenied error:AllAccessDisabled error:AccessDeniedException error:KMS"),
        sign(types=f"{_STORES} {_STS}", codes="http:403"),
        sign(types=_GOOGLE_HTTP, codes="http:403", says=_GOOGLE_STORE),
        sign(types=_AZURE, says=["AuthorizationFailure", "AuthorizationPermissionMismatch"]),
        sign(
            says=["does not have storage.", "is not authorized to perform: s3:", "is not authorized to perform: sts:"]
        ),
    ),
    cause(
        "upload_lost",
        "transient",
        "the store has aborted an upload that was not complete: restart with connector_state; a lifecycle rule may abort uploads "
        "too early",
        sign(types="NoSuchUploadException"),
        sign(codes="error:NoSuchUpload"),
    ),
    cause(
        "object_missing",
        "permanent",
        "the object does not exist (any more): check what else deletes objects in this bucket",
        sign(types="NoSuchKeyException"),
        sign(codes="error:NoSuchKey"),
        sign(types=_GOOGLE + " " + _AZURE, codes="http:404", says=["No such object", "BlobNotFound"]),
    ),
    cause(
        "store_throttles",
        "transient",
        "the object store limits the request rate: raise flush.size, lower tasks.max, or spread the objects over more prefixes, "
        "then restart with connector_state",
        sign(
            codes="error:SlowDown error:TooManyRequestsException error:Throttling error:ThrottlingException error:RequestLimitExceeded"
        ),
        sign(types=_STORES, codes="http:429"),
        sign(types=_GOOGLE_HTTP, codes="http:429", says=_GOOGLE_STORE),
        sign(says=["Please reduce your request rate"]),
    ),
    cause(
        "store_unavailable",
        "transient",
        "the object store has a problem of its own, or closes connections: restart with connector_state",
        sign(codes="error:InternalError error:ServiceUnavailable error:RequestTimeout error:OperationAborted"),
        sign(types=_STORES, codes="http:500 http:502 http:503 http:504"),
        sign(types=_GOOGLE_HTTP, codes="http:500 http:502 http:503 http:504", says=_GOOGLE_STORE),
        sign(
            types="SdkClientException AmazonClientException",
            says=[
                "Unable to execute HTTP request",
                "Unable to complete multi-part upload",
                "Data read has a different length",
            ],
        ),
    ),
    cause(
        "partitioner_field_missing",
        "permanent",
        "the partitioner does not find its field in the record, or can't read it as a time: correct partition.field.name, "
        "timestamp.field and timestamp.extractor",
        sign(types="PartitionException"),
        sign(types="IllegalArgumentException DataException", at=["storage.partitioner."]),
    ),
)
