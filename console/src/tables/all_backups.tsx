// The backups of all tables: what AWS's console shows under DynamoDB, Backups.

import { BackupList } from "./backup_list";

export default function AllBackups() {
  return <BackupList />;
}
