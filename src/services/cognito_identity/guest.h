/* What sessions of who has not signed in are limited to. */
#ifndef TURNTABLE_SERVICES_COGNITO_IDENTITY_GUEST_H
#define TURNTABLE_SERVICES_COGNITO_IDENTITY_GUEST_H

/*
 * The session policy that AWS gives such a session in the enhanced flow, whatever its role may: "IAM roles",
 * services that unauthenticated identities can access. Besides it there is a managed one,
 * AmazonCognitoUnAuthedIdentitiesSessionPolicy, whose services are none that are here.
 */
#define GUEST_POLICY                                                                                         \
    "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\",\"Action\":["                          \
    "\"cloudwatch:*\",\"logs:*\",\"dynamodb:*\",\"kinesis:*\",\"mobileanalytics:*\",\"s3:*\",\"ses:*\","     \
    "\"sns:*\",\"sqs:*\",\"lambda:*\",\"machinelearning:*\",\"execute-api:*\",\"iot:*\",\"gamelift:*\","     \
    "\"scs:*\",\"cognito-identity:*\",\"cognito-idp:*\",\"lex:*\",\"polly:*\",\"comprehend:*\","             \
    "\"translate:*\",\"transcribe:*\",\"rekognition:*\",\"mobiletargeting:*\",\"firehose:*\","               \
    "\"appsync:*\",\"personalize:*\",\"sagemaker:InvokeEndpoint\",\"cognito-sync:*\",\"codewhisperer:*\","   \
    "\"textract:DetectDocumentText\",\"textract:AnalyzeDocument\",\"sdb:*\"],\"Resource\":\"*\"}]}"

#endif
