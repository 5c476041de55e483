import "./parts.css";

/** Text with its lines and spaces as they are. */
export const Preformatted = ({ children, label }: { children: string; label?: string }) => (
  <pre className="preformatted" role={label ? "group" : undefined} aria-label={label} tabIndex={0}>
    {children}
  </pre>
);
