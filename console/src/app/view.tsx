// Shows the view of the path that the browser is at.

import Box from "@cloudscape-design/components/box";
import Button from "@cloudscape-design/components/button";
import Alert from "@cloudscape-design/components/alert";
import Spinner from "@cloudscape-design/components/spinner";
import { Component, type ComponentType, type ReactNode, Suspense, lazy, useEffect } from "react";
import { app } from "../text/app";
import { navigate } from "./router";
import type { Route } from "./route";

const loaded = new Map<Route, ComponentType<Record<string, string>>>();

function componentOf(route: Route) {
  let component = loaded.get(route);
  if (!component) {
    component = lazy(route.load as () => Promise<{ default: ComponentType<Record<string, string>> }>);
    loaded.set(route, component);
  }
  return component;
}

/** A view that throws says so in its place; the rest of the console goes on. */
class Guard extends Component<{ at: string; children: ReactNode }, { error?: Error }> {
  override state: { error?: Error } = {};
  static getDerivedStateFromError = (error: Error) => ({ error });
  override componentDidUpdate(before: { at: string }) {
    if (before.at !== this.props.at && this.state.error) this.setState({ error: undefined });
  }
  override render() {
    if (!this.state.error) return this.props.children;
    return (
      <Alert type="error" header={app.broken.header} action={<Button onClick={() => location.reload()}>{app.broken.again}</Button>}>
        {this.state.error.message}
      </Alert>
    );
  }
}

function NotFound() {
  return (
    <Alert type="warning" header={app.notFound.header} action={<Button onClick={() => navigate("/tables")}>{app.notFound.home}</Button>}>
      {app.notFound.content}
    </Alert>
  );
}

export function View({ at, found }: { at: string; found?: { route: Route; parameters: Record<string, string> } }) {
  const title = found ? found.route.title(found.parameters) : app.notFound.header;
  useEffect(() => {
    document.title = app.title(title);
  }, [title]);
  if (!found) return <NotFound />;
  const Shown = componentOf(found.route);
  return (
    <Guard at={at}>
      <Suspense fallback={<Box padding="xxl" textAlign="center"><Spinner size="large" /> {app.loading}</Box>}>
        <Shown key={JSON.stringify([found.route.pattern, found.parameters])} {...found.parameters} />
      </Suspense>
    </Guard>
  );
}
