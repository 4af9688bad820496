-- Resuming the innermost of Lua coroutines, each of which resumes the next and
-- yields again what it yielded.
--
-- Config: coroutine.wrap, naive nesting. Lua runs out of its C stack
-- below depth 100.

package.path = arg[0]:match("(.*/)") .. "../lib/?.lua;" .. package.path
local bench = require("bench")
local wrap, yield = coroutine.wrap, coroutine.yield

local function level(depth, items)
    return wrap(function()
        if depth > 0 then
            for item in level(depth - 1, items) do
                yield(item)
            end
        else
            for i = 1, items do
                yield(i)
            end
        end
    end)
end

local outermost
bench.run(function(_, ops)
    if not outermost then
        outermost = level(bench.size, math.maxinteger)
        outermost()
    end
    for _ = 1, ops do
        outermost()
    end
    return ops
end)
