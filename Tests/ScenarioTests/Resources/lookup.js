// What a program for Node does to find a name. Arguments: KIND NAME, repeated; a line for each: what was found.
// Addresses come through the C library, or with --by-itself in front from Node's own resolver, like everything else.
const dns = require("node:dns").promises;

const words = process.argv.slice(2);
const isByItself = words[0] === "--by-itself";
if (isByItself) words.shift();

async function records(name) {
  const sets = await Promise.allSettled([dns.resolve4(name), dns.resolve6(name)]);
  const found = sets.flatMap((set) => set.value ?? []);
  if (found.length === 0) throw sets[0].reason;
  return found;
}

async function addresses(name) {
  return (await dns.lookup(name, { all: true })).map((each) => each.address);
}

const ways = {
  addresses: isByItself ? records : addresses,
  pointer: (address) => dns.reverse(address),
  service: async (name) => (await dns.resolveSrv(name)).map((each) => `${each.port}:${each.name}`),
};

(async () => {
  for (let index = 0; index + 1 < words.length; index += 2) {
    try {
      console.log((await ways[words[index]](words[index + 1])).join(" "));
    } catch (error) {
      console.log(["ENOTFOUND", "ENODATA"].includes(error.code) ? "not found" : `failed: ${error.code}`);
    }
  }
})();
