-- Numbers as whole decimal text: tostring() would write 1e+14.
local function whole(number)
  return string.format('%.0f', number)
end
