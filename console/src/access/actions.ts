// Actions that are offered while one writes; any other can be written.

const dynamodb = [
  "BatchGetItem", "BatchWriteItem", "ConditionCheckItem", "CreateBackup", "CreateGlobalTable", "CreateTable",
  "CreateTableReplica", "DeleteBackup", "DeleteItem", "DeleteResourcePolicy", "DeleteTable", "DeleteTableReplica",
  "DescribeBackup", "DescribeContinuousBackups", "DescribeContributorInsights", "DescribeEndpoints", "DescribeExport",
  "DescribeGlobalTable", "DescribeGlobalTableSettings", "DescribeImport", "DescribeKinesisStreamingDestination",
  "DescribeLimits", "DescribeReservedCapacity", "DescribeReservedCapacityOfferings", "DescribeStream", "DescribeTable",
  "DescribeTableReplicaAutoScaling", "DescribeTimeToLive", "DisableKinesisStreamingDestination",
  "EnableKinesisStreamingDestination", "ExportTableToPointInTime", "GetAbacStatus", "GetItem", "GetRecords", "GetResourcePolicy",
  "GetShardIterator", "ImportTable", "ListBackups", "ListContributorInsights", "ListExports", "ListGlobalTables", "ListImports",
  "ListStreams", "ListTables", "ListTagsOfResource", "PartiQLDelete", "PartiQLInsert", "PartiQLSelect", "PartiQLUpdate",
  "PurchaseReservedCapacityOfferings", "PutItem", "PutResourcePolicy", "Query", "RestoreTableFromAwsBackup",
  "RestoreTableFromBackup", "RestoreTableToPointInTime", "Scan", "StartAwsBackupJob", "TagResource", "UntagResource",
  "UpdateAbacStatus", "UpdateContinuousBackups", "UpdateContributorInsights", "UpdateGlobalTable", "UpdateGlobalTableSettings",
  "UpdateGlobalTableVersion", "UpdateItem", "UpdateKinesisStreamingDestination", "UpdateTable", "UpdateTableReplicaAutoScaling",
  "UpdateTimeToLive",
];

const others = [
  "iam:PassRole", "iam:CreateUser", "iam:ListUsers",
  "sts:AssumeRole", "sts:GetSessionToken",
  "cognito-idp:ListUsers", "cognito-idp:AdminCreateUser",
  "cloudformation:CreateStack", "cloudformation:DescribeStacks",
  "s3:GetObject", "s3:PutObject", "s3:ListBucket",
  "ssm:GetParameter", "ssm:PutParameter",
];

export const knownActions = [...dynamodb.map((name) => `dynamodb:${name}`), ...others];
