-- Coroutines that have yielded once.
--
-- Config: Lua's collector has run before the second look.

package.path = arg[0]:match("(.*/)") .. "../lib/?.lua;" .. package.path
local bench = require("bench")

local function yields()
    coroutine.yield(1)
end

local all = {}
for i = 1, bench.ops do
    all[i] = i
end
local resident, tables = bench.memory("VmRSS"), bench.memory("VmPTE")
for i = 1, bench.ops do
    all[i] = coroutine.create(yields)
    coroutine.resume(all[i])
end
collectgarbage()
resident = (bench.memory("VmRSS") - resident) / bench.ops
tables = (bench.memory("VmPTE") - tables) / bench.ops
print(string.format("bytes=%.1f tables=%.1f both=%.1f ops=%d",
                    resident, tables, resident + tables, bench.ops))
os.exit(0)
