import CloudscapeLink, { type LinkProps } from "@cloudscape-design/components/link";
import { follow, href } from "../app/router";

/** A link to a path of the console. */
export const Link = ({ to, children, ...more }: { to: string } & Omit<LinkProps, "href" | "onFollow">) => (
  <CloudscapeLink {...more} href={href(to)} onFollow={follow}>
    {children}
  </CloudscapeLink>
);
