-- Making a Lua coroutine, running it to its end, leaving it to the collector.
--
-- Config: coroutine.create and resume; the collector as it is by default.

package.path = arg[0]:match("(.*/)") .. "../lib/?.lua;" .. package.path
local bench = require("bench")
local create, resume = coroutine.create, coroutine.resume

local function once()
end

bench.run(function(_, ops)
    for _ = 1, ops do
        resume(create(once))
    end
    return ops
end)
