import "./parts.css";

/** A text, such as a name that someone gave, that is broken anywhere before it makes a narrow page wider. */
export const Breaking = ({ children }: { children: string }) => <span className="breaking">{children}</span>;
