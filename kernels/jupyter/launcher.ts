/**
 * The command behind the kernelspec: `deno run launcher.ts CONNECTION_FILE`, started in the notebook's folder. Runs
 * Deno's kernel in the same folder, prepares it, and relays between it and the front end until it ends.
 *
 * @module
 */
import { type ConnectionInfo, Kernel } from "./kernel.ts";
import { relay } from "./relay.ts";

const info: ConnectionInfo = JSON.parse(await Deno.readTextFile(Deno.args[0]));
const { ip, key, stdin_port, hb_port } = info;
const kernel = await Kernel.start({
  directory: Deno.cwd(),
  connection: { ip, key, stdin_port, hb_port },
  startup: import.meta.resolve("./startup.ts"),
});

// Stop comes as a message. A signal from the terminal that started the notebook server is meant for the server.
Deno.addSignalListener("SIGINT", () => {});
if (Deno.build.os !== "windows") Deno.addSignalListener("SIGTERM", () => void kernel.stop(false));

relay(kernel, info);
const code = await kernel.exited;
await kernel.stop(false);
Deno.exit(code);
