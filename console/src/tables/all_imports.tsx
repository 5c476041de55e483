// The imports of all tables: what AWS's console shows under DynamoDB, Imports from S3.

import { ImportList } from "./import_list";

export default function AllImports() {
  return <ImportList />;
}
