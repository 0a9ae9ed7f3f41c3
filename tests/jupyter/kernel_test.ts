import { assertEquals, assertRejects } from "@std/assert";
import { Kernel } from "../../kernels/jupyter/kernel.ts";

Deno.test("Kernel.start() tries other ports when one is taken", async () => {
  const other = Deno.listen({ hostname: "127.0.0.1", port: 0 });
  let attempts = 0;
  const kernel = await Kernel.start({
    directory: Deno.cwd(),
    connection: { hb_port: other.addr.port },
    command: (file) => {
      if (++attempts === 2) other.close();
      return [Deno.execPath(), "jupyter", "--quiet", "--kernel", "--conn", file];
    },
  });
  assertEquals(attempts, 2);
  assertEquals((await kernel.execute("1 + 1")).status, "ok");
  await kernel.stop();
});

Deno.test("Kernel.start() tells the last words of a kernel that ends at once", async () => {
  const command = () => [Deno.execPath(), "eval", "console.error('no kernel here'); Deno.exit(7)"];
  await assertRejects(() => Kernel.start({ directory: Deno.cwd(), command }), Error, "no kernel here");
});
