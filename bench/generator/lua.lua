-- Items through a Lua coroutine and the generic for.
--
-- Config: coroutine.wrap, all names local.

package.path = arg[0]:match("(.*/)") .. "../lib/?.lua;" .. package.path
local bench = require("bench")
local wrap, yield = coroutine.wrap, coroutine.yield

local function count(n)
    return wrap(function()
        for i = 1, n do
            yield(i)
        end
    end)
end

bench.run(function(_, ops)
    local sum = 0
    for item in count(ops) do
        sum = sum + item
    end
    return ops
end)
