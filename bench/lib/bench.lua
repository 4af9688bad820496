-- What Lua programs of the bench share; lib/bench.h says what they print.
--
-- Lua's standard library has no clock but the CPU's, which is what it is timed
-- by: of one process that does not wait, pinned to a core, that is the time
-- without its interruptions.

local bench = {
    name = arg[1] or "-",
    size = tonumber(arg[1] or "") or 0,
    ops = tonumber(arg[2] or "1000"),
    slices = tonumber(arg[4] or "1"),
}
bench.warm = tonumber(arg[3] or "") or bench.ops // 10

-- work(bench, ops) does some operations, returns how many.
function bench.run(work)
    local ns = {}
    if bench.warm > 0 then
        work(bench, bench.warm)
    end
    for i = 1, bench.slices do
        local begin = os.clock()
        local ops = work(bench, bench.ops)
        ns[i] = (os.clock() - begin) * 1e9 / ops
    end
    table.sort(ns)
    local n = #ns
    local median = (ns[(n + 1) // 2] + ns[n // 2 + 1]) / 2
    print(string.format("ns_per_op=%.4f cpu_ns_per_op=%.4f ops=%d",
                        median, median, bench.ops))
end

-- A field of /proc/self/status, in bytes.
function bench.memory(field)
    for line in io.lines("/proc/self/status") do
        local kib = line:match("^" .. field .. ":%s*(%d+)")
        if kib then
            return tonumber(kib) * 1024
        end
    end
    return 0
end

return bench
