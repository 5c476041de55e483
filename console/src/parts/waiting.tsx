import Box from "@cloudscape-design/components/box";
import Spinner from "@cloudscape-design/components/spinner";
import { app } from "../text/app";

/** In the place of what is not there yet. */
export const Waiting = () => (
  <Box textAlign="center" padding="xxl">
    <Spinner size="large" /> {app.loading}
  </Box>
);
