// What the parts say that several views share.

export const parts = {
  table: {
    counter: (shown: number, all: number) => (shown === all ? `(${all})` : `(${shown}/${all})`),
    matches: (count: number) => `${count} match${count === 1 ? "" : "es"}`,
    noMatch: "Nothing matches",
    clear: "Clear the search",
    preferences: "Preferences",
    confirm: "Confirm",
    pageSize: "Page size",
    rows: (count: number) => `${count} rows`,
    wrap: "Wrap lines",
    wrapHint: "Shows all of the text",
    density: "Compact",
    densityHint: "Shows more rows",
    columns: "Columns",
    nextPage: "Next page",
    previousPage: "Previous page",
    page: (page: number) => `Page ${page}`,
    selection: "Selection",
    select: (name: string) => `Select ${name}`,
    selectAll: "Select all",
  },
  deletion: {
    header: (what: string) => `Delete ${what}?`,
    confirmLabel: (word: string) => `To confirm, type “${word}”`,
    word: "confirm",
    submit: "Delete",
  },
};

export const editor = {
  loading: "Loading the editor",
  errorState: "The editor could not be loaded",
  recovery: "Try again",
  errors: "Errors",
  warnings: "Warnings",
  preferences: "Preferences",
  cursor: (row: number, column: number) => `Line ${row}, column ${column}`,
};
