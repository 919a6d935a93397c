-- wrk's requests and its report: wrk -s request.lua URL -- METHOD BODY IDS_FILE [HEADER VALUE]...
-- With a file of ids, each request replaces __id__ in the path by the next id; each id is used once.

local function take_ids(file)
   local ids, position = {}, 0
   for id in io.lines(file) do
      ids[#ids + 1] = id
   end
   request = function()
      position = position + 1
      -- After the last id, an unknown id follows; its error fails the benchmark.
      return wrk.format(nil, (wrk.path:gsub("__id__", ids[position] or "none-left")))
   end
end

function init(arguments)
   wrk.method = arguments[1]
   if arguments[2] ~= "" then
      wrk.body = arguments[2]
   end
   for index = 4, #arguments - 1, 2 do
      wrk.headers[arguments[index]] = arguments[index + 1]
   end
   if arguments[3] ~= "" then
      take_ids(arguments[3])
   end
end

function done(summary, latency, requests)
   local errors = summary.errors
   io.write(string.format(
      '\n{"requests": %d, "duration_us": %d, "p50_us": %d, "p99_us": %d, "refused": %d, "broken": %d}\n',
      summary.requests, summary.duration, latency:percentile(50), latency:percentile(99), errors.status,
      errors.connect + errors.read + errors.write + errors.timeout
   ))
end
