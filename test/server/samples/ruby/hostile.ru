# Runs the Ruby sample with rights and a clock that tests control by headers.
eval(File.read("#{__dir__}/config.ru"), binding, "#{__dir__}/config.ru")

OFFSET = { seconds: 0 }

class Time
  class << self
    alias real_now now

    def now
      real_now + OFFSET[:seconds]
    end
  end
end

alias original_authorize authorize

def authorize(request)
  OFFSET[:seconds] = request.get_header('HTTP_X_TEST_CLOCK').to_i
  grant = JSON.parse(request.get_header('HTTP_X_TEST_GRANT') || '{}', symbolize_names: true)
  session = original_authorize(request)
  # No `user && { ... }` returns an empty text: it is true in Ruby.
  session && grant && grant != '' && { **session, **grant }
end
