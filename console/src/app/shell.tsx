// The frame of the console: the bar at the top, the navigation, and in the middle the view of the path.

import AppLayout from "@cloudscape-design/components/app-layout";
import BreadcrumbGroup from "@cloudscape-design/components/breadcrumb-group";
import I18nProvider from "@cloudscape-design/components/i18n";
import messages from "@cloudscape-design/components/i18n/messages/all.en";
import SideNavigation, { type SideNavigationProps } from "@cloudscape-design/components/side-navigation";
import TopNavigation from "@cloudscape-design/components/top-navigation";
import { Suspense, lazy, useEffect, useState } from "react";
import { app } from "../text/app";
import { Notices } from "./notices";
import { follow, href, matchPath, usePath } from "./router";
import { navigation, routes } from "./routes";
import { type Session, signOut, useSession } from "./session";
import { type Theme, chooseTheme, useTheme } from "./theme";
import { View } from "./view";

const SignIn = lazy(() => import("../sign_in/sign_in"));
const HOME = "/tables";

function find(at: string) {
  for (const route of routes) {
    const parameters = matchPath(route.pattern, at);
    if (parameters) return { route, parameters };
  }
  return undefined;
}

const links = (items: typeof navigation): SideNavigationProps.Item[] =>
  items.map((item) =>
    item.items
      ? { type: "section", text: item.text, items: item.items.map(({ text, path }) => ({ type: "link", text, href: href(path) })) }
      : { type: "link", text: item.text, href: href(item.path ?? "/") },
  );

function Top({ session }: { session?: Session }) {
  const theme = useTheme();
  const themes = (["system", "light", "dark"] as const).map((id) => ({ id, text: app.theme[id], itemType: "checkbox" as const, checked: theme === id }));
  const account = session && {
    type: "menu-dropdown" as const,
    iconName: "user-profile" as const,
    text: session.name,
    description: session.arn,
    ariaLabel: session.name,
    items: [
      { id: "ends", text: app.account.ends(new Date(session.expires).toLocaleTimeString()), disabled: true },
      { id: "out", text: app.account.signOut },
    ],
    onItemClick: ({ detail }: { detail: { id: string } }) => detail.id === "out" && signOut(),
  };
  return (
    <TopNavigation
      identity={{ href: href("/"), title: app.name, logo: { src: href("/icon.svg"), alt: "" }, onFollow: follow }}
      utilities={[
        {
          type: "menu-dropdown",
          iconName: "settings",
          ariaLabel: app.theme.label,
          title: app.theme.label,
          items: themes,
          onItemClick: ({ detail }) => chooseTheme(detail.id as Theme),
        },
        ...(account ? [account] : []),
      ]}
    />
  );
}

/** Cloudscape says of the navigation on a telephone that it lies: an orientation, which ARIA has for no navigation. */
function useNoOrientation() {
  useEffect(() => {
    for (const found of document.querySelectorAll("nav[aria-orientation]")) found.removeAttribute("aria-orientation");
  });
}

function SignedIn() {
  const at = usePath();
  useNoOrientation();
  const [open, setOpen] = useState(() => window.innerWidth >= 900);
  const path = at === "/" ? HOME : at;
  const found = find(path);
  const title = found?.route.title(found.parameters) ?? app.notFound.header;
  const crumbs = [{ text: app.name, path: "/" }, ...(found?.route.crumbs?.(found.parameters) ?? []), { text: title, path }];
  return (
    <AppLayout
      headerSelector="#top"
      navigationOpen={open}
      onNavigationChange={({ detail }) => setOpen(detail.open)}
      toolsHide
      ariaLabels={{ navigation: app.navigation, navigationClose: app.closeNavigation, navigationToggle: app.openNavigation, notifications: app.notices }}
      notifications={<Notices />}
      breadcrumbs={<BreadcrumbGroup ariaLabel={app.breadcrumbs} items={crumbs.map((crumb) => ({ text: crumb.text, href: href(crumb.path) }))} onFollow={follow} />}
      navigation={
        <SideNavigation
          header={{ text: app.home, href: href("/") }}
          activeHref={href(found?.route.section ?? path)}
          items={links(navigation)}
          onFollow={(event) => {
            follow(event);
            if (window.innerWidth < 900) setOpen(false);
          }}
        />
      }
      content={<View at={path} found={found} />}
    />
  );
}

export function Shell() {
  const session = useSession();
  return (
    <I18nProvider locale="en" messages={[messages]}>
      <div id="top">
        <Top session={session} />
      </div>
      {session ? (
        <SignedIn key={session.accessKeyId} />
      ) : (
        <Suspense>
          <SignIn />
        </Suspense>
      )}
    </I18nProvider>
  );
}

