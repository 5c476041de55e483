import SpaceBetween from "@cloudscape-design/components/space-between";
import type { ReactNode } from "react";

/** Buttons in a row. */
export const Buttons = ({ children }: { children: ReactNode }) => (
  <SpaceBetween direction="horizontal" size="xs">
    {children}
  </SpaceBetween>
);
