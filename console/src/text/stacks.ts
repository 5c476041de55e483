// What the views of stacks say.

export const stacks = {
  title: "Stacks",
  find: "Find stacks",
  empty: "There are no stacks. “turntable deploy”, “npx cdk deploy” and “npx ampx sandbox” make them.",
  noneDeleted: "No stack was deleted.",
  show: "Show",
  shown: { active: "Active", deleted: "Deleted", all: "All" },
  name: "Stack name",
  status: "Status",
  description: "Description",
  created: "Created",
  updated: "Updated",
  deleted: "Deleted",
  nested: "Nested",
  overview: "Overview",
  id: "Stack ID",
  reason: "Status reason",
  protection: "Termination protection",
  on: "On",
  off: "Off",
  role: "Role",
  parent: "Parent stack",
  root: "Root stack",
  tags: "Tags",
  label: "Stack",
  turnOn: "Protect",
  turnOff: "Unprotect",
  protected: (name: string) => `The stack ${name} is protected now.`,
  unprotected: (name: string) => `The stack ${name} is not protected any more.`,
  delete: "Delete",
  deletion: (name: string) => `the stack ${name}`,
  deletionHint: "Everything that the stack made goes with it, with its data; but what the template says is to be retained stays.",
  deletionProtected: "The stack has termination protection. It has to be taken away before.",
  retain: "Leave what could not be deleted",
  retainHint: (names: string) => `These stay where they are, and belong to no stack any more: ${names}`,
  deletionBegun: (name: string) => `The stack ${name} is being deleted.`,
  failedHeader: "The last operation failed",
  tabs: { resources: "Resources", events: "Events", outputs: "Outputs", parameters: "Parameters", template: "Template", changeSets: "Change sets" },
};

export const resources = {
  find: "Find resources",
  empty: "The stack has no resources.",
  logical: "Logical ID",
  physical: "Physical ID",
  type: "Type",
  status: "Status",
  reason: "Reason",
  updated: "Updated",
  recorded: "Recorded, not run",
  recordedHeader: (count: number) => `${count === 1 ? "1 resource is" : `${count} resources are`} recorded and not run`,
  recordedHint: "This server has no service for them. They have ids and attributes of the form that AWS gives them, so that the rest deploys; nothing is behind them:",
  andMore: (count: number) => `and ${count} more`,
};

export const events = {
  empty: "There are no events.",
  time: "Time",
  logical: "Logical ID",
  status: "Status",
  reason: "Reason",
  rootCause: "Likely root cause",
  live: "The stack is changing: new events come by themselves.",
};

export const outputs = {
  find: "Find outputs",
  empty: "The stack has no outputs.",
  key: "Key",
  value: "Value",
  description: "Description",
  exportName: "Export name",
};

export const parameters = {
  find: "Find parameters",
  empty: "The stack has no parameters.",
  key: "Key",
  value: "Value",
  resolved: "Resolved value",
};

export const template = {
  label: "Template",
  stage: "Stage",
  Original: "As given",
  Processed: "Processed",
};

export const changeSets = {
  find: "Find change sets",
  empty: "There are no change sets. They tell what an update would do before it does it.",
  name: "Name",
  status: "Status",
  execution: "Execution",
  reason: "Reason",
  created: "Created",
  description: "Description",
  execute: "Execute",
  executed: (name: string) => `The change set ${name} is being executed.`,
  delete: "Delete",
  wasDeleted: (name: string) => `The change set ${name} was deleted.`,
  changes: (name: string) => `Changes of ${name}`,
  noChanges: "It changes nothing.",
  action: "Action",
  logical: "Logical ID",
  type: "Type",
  replacement: "Replacement",
  details: "What changes",
};
