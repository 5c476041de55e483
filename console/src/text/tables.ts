// What the views of tables say.

export const tables = {
  title: "Tables",
  find: "Find tables",
  empty: "There are no tables yet.",
  name: "Name",
  status: "Status",
  items: "Items",
  size: "Size",
};
