-- Numbers that recur within a call are put into words once: that costs as much as finding a key.
local texts = {}
local function text_of(number)
  texts[number] = texts[number] or whole(number)
  return texts[number]
end
