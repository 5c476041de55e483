// What may be done with the items that a scan or query found.

import Button from "@cloudscape-design/components/button";
import ButtonDropdown from "@cloudscape-design/components/button-dropdown";
import SpaceBetween from "@cloudscape-design/components/space-between";
import { useState } from "react";
import { navigate, path } from "../app/router";
import { acting as said } from "../text/items";
import { DeleteItems } from "./deleting";
import { Download } from "./download";
import type { Input } from "./expression";
import type { Row } from "./grid";
import type { Target } from "./target";

interface ActionsProps {
  target: Target;
  mode: "scan" | "query";
  input: Input;
  selected: Row[];
  shown: Row[];
  onDeleted: () => void;
}

export function Actions({ target, mode, input, selected, shown, onDeleted }: ActionsProps) {
  const [deleting, setDeleting] = useState(false);
  const [downloading, setDownloading] = useState(false);
  const [one] = selected;
  const single = selected.length === 1 && one?.key !== undefined;
  const act = (id: string) => {
    if (id === "delete") setDeleting(true);
    else if (id === "download") setDownloading(true);
    else if (id === "import") navigate(path`/items/import?table=${target.table}`);
    else if (one) navigate(id === "edit" ? path`/items/edit?table=${target.table}&key=${one.id}` : path`/items/create?table=${target.table}&from=${one.id}`);
  };
  return (
    <SpaceBetween direction="horizontal" size="xs">
      <ButtonDropdown
        items={[
          { id: "edit", text: said.edit, disabled: !single },
          { id: "duplicate", text: said.duplicate, disabled: !single },
          { id: "delete", text: said.delete(selected.length), disabled: !selected.some(({ key }) => key) },
          { id: "download", text: said.download },
          { id: "import", text: said.import },
        ]}
        onItemClick={({ detail }) => act(detail.id)}
      >
        {said.actions}
      </ButtonDropdown>
      <Button variant="primary" onClick={() => navigate(path`/items/create?table=${target.table}`)}>{said.create}</Button>
      {downloading && <Download target={target} mode={mode} input={input} shown={shown.map(({ item }) => item)} onClose={() => setDownloading(false)} />}
      {deleting && (
        <DeleteItems
          table={target.table}
          rows={selected}
          onClose={(deleted) => {
            setDeleting(false);
            if (deleted) onDeleted();
          }}
        />
      )}
    </SpaceBetween>
  );
}
