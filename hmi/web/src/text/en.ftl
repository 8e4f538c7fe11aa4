### Plinth, English. One message per thing that is said; words of the field, short, calm.
### What the station itself says (why it stopped, why it refused) comes from its own catalogues.

## Everywhere
app-name = Plinth
simulation = Simulation
choose-title = Which screen is this?
choose-patient = The patient's screen
choose-patient-hint = Lies under the face cradle. Shows what to do; after a stop it asks why.
choose-console = The physio's console
choose-console-hint = Start, stop, prescription. Only for the person who looks after the session.

## Patient: cues (ids come from the station)
cue-lift = Lift slowly
cue-hold = Hold
cue-lower = Lower slowly
cue-rest = Rest
cue-slower = Slower
cue-faster = A little faster
cue-higher = A little higher
cue-enough = That is high enough
cue-ease_down = Ease down a little
cue-even_legs = Even legs
cue-last_one = Last one
cue-set_done = Set done
cue-lighter = A little lighter now
cue-range_first = First without load: lift slowly as far as feels good
cue-stopped = Stopped
cue-hold_both_grips = Hold both grips
cue-get_ready = Get ready
breath-out = Breathe out
breath-in = Breathe in
breath-free = Keep breathing

## Patient: the guided set
set-of = Set { $set } of { $sets }
rep-of = of { $reps }
let-go = Let go of a grip to stop
seconds-left = seconds left
up = up
down = down
machine-stops-here = machine stops here
tube-label = Your movement and the path to follow
reps-label = repetition { $rep } of { $reps }
sound-on = Sound on
sound-off = Sound off

## Patient: before, between, after
no-prescription = Welcome
no-prescription-hint = Your physio is preparing your session.
ready = Nearly ready
ready-hint = Your physio starts the next set.
armed = Hold both grips
armed-hint = The set starts when you squeeze both.
left-grip = left
right-grip = right
grip-held = held
grip-open = open
count-in = Get ready
unloading = Well done
unloading-hint = The machine lowers your legs. Just let them go down.
rest = Rest
rest-hint = Lift your head or turn over if you like.
rest-next = Next: set { $set } of { $sets }, { $reps ->
    [one] { $reps } lift
   *[other] { $reps } lifts
}
done = Well done
done-hint = That was your session for today.
done-reps = { $reps ->
    [one] lift done
   *[other] lifts done
}
done-band = on the path
stopped = Stopped
patient-way-lowering = The machine is lowering your legs. Let them go down.
patient-way-down = Your legs are down. Stay until your physio has opened the straps.
patient-way-held_up = Stay where you are. Your physio brings your legs down by hand.
patient-way-unknown = Stay where you are. Your physio is coming.
patient-review = That is all for today. Stay where you are until your physio has been with you.

## After a stop: why
reason-question = What did you feel?
reason-1 = Sharp pain
reason-2 = Heaviness
reason-3 = Tingling
reason-4 = Tired
reason-5 = Something else
reason-thanks = You said: { $reason }.
reason-unheard = That did not arrive. Touch it again, or say it aloud.
no-picture = No live picture
no-picture-hint = The machine looks after your legs without it. Let go of a grip to stop.
connecting = Connecting
connecting-hint = One moment.

## Console: frame
console-title = Console
tab-live = Live
tab-prescription = Prescription
stage-0 = Unknown
stage-1 = No prescription
stage-2 = Ready
stage-3 = Armed
stage-4 = Count-in
stage-5 = Training
stage-6 = Lowering
stage-7 = Rest
stage-8 = Session done
stage-9 = Stopped
chip-units-good = Drive and hub answer
chip-drive-gone = Drive does not answer
chip-hub-gone = Hub does not answer
chip-units-unproven = Limits or watchdog not proven
chip-estop = Emergency stop pressed
chip-live = live { $age } ms
chip-stale = { $age } ms old
chip-gone = no live picture
grips-both = Grips held
grips-left = Only left grip
grips-right = Only right grip
grips-none = Grips open

## Console: live
chart-angle = Angle and target band, last 20 s
chart-strap = Load at the strap, left and right
legend-left = left
legend-right = right
label-person = Patient
person = { $mass } kg · { $phase }
person-none = No prescription
label-rep = Rep
label-rep-in-set = Rep, set { $set } of { $sets }
label-in-band = In band
label-load = Load at the strap
load-set = set
load-applied = applied
load-measured = measured
newtons = { $n } N
kilograms = { $kg } kg
unknown = —
label-last-rep = Last rep
last-rep = { $bottom }…{ $top }°, hold ± { $spread }°
last-rep-left = left leg { $left } %
last-rep-counted = counted
last-rep-not-counted = not counted: the hold was not held
label-last-end = Last set ended
end-completed = completed
end-stopped = stopped at the console
end-tempo = tempo
end-range = end of range
end-sag = sag in the hold
end-fatigue = fatigue
end-grip = grip let go
end-comfort_stop = comfort stop
end-patient_left = patient left
end-legs_dropped = legs dropped
end-spasm = spasm
end-fault = fault
end-estop = emergency stop
stop = Stop
start = Start
start-armed = Armed { $left } s
start-armed-hint = squeeze both grips
start-next = Start set { $set }
reset = Reset
end-session = End session
end-session-sure = Really end it?
banner-lowering = The legs are being lowered; the load is not confirmed released yet.
banner-not-released = The load is not confirmed released yet.
banner-latch-none = ends by itself
banner-latch-patient = the patient may clear it
banner-latch-therapist = you may clear it
banner-latch-service = service must clear it
after-stop = After the stop
reason-ask-the-person = What did the person feel? Ask them.
reason-words = In their words
reason-patient-says = The patient says: { $reason }.
reason-console-says = Told to you: { $reason }.
review-needed = Nothing more is trained in this session. See to the person, then press End session.
way-off-show = Show the way off the machine
way-off-title-lowering = The way off: the machine is lowering the legs
way-off-title-down = The way off: the legs are down
way-off-title-held_up = The way off: the brake holds the legs up
way-off-title-unknown = The way off, also without power
way-off-wait = Wait until the legs hang and the arm stands still.
way-off-look = Look at the arm. If it is down and still, go on with the straps.
way-off-estop = Press the emergency stop, so that nothing moves by itself.
way-off-carry = Take the weight of the legs under the shins; better with a second person.
way-off-release = Pull the hand release of the brake slowly. Lower the legs with the arm until they hang.
way-off-close = Let go of the hand release: the brake closes again.
way-off-straps = Open both straps.
way-off-feet = One foot, then the other, to the floor. The hands stay on the bench.
way-off-rise = Rest a moment, then rise slowly. Stay beside the person.
toast-close = Close
lost-stop = Stop did not arrive
lost-stop-hint = Let the person open a grip, or press the emergency stop.
lost-command = No answer from the station
lost-command-hint = Nobody knows whether it arrived. Look at the state, then try again.
console-no-picture = No live picture { $seconds ->
    [0] yet
   *[other] for { $seconds } s
}
console-no-picture-hint = The station looks after the person by itself. Stop: a grip let go, or the emergency stop.
console-no-plinthd = The controller is not running.
console-no-gateway = The page's server cannot be reached.
mismatch = This page is of another version than the station
mismatch-hint = Reload the page.

## Prescription
phase-0 = choose
phase-1 = Foundation
phase-2 = Strength
phase-3 = Integrated
phase-4 = Maintenance
rx-setting = Setting
rx-active = Active
rx-draft = Draft
rx-phase = Phase
rx-mass = Mass
rx-height = Height
rx-strength = Strength
rx-range = Range
rx-range-low = Lowest angle
rx-range-high = Highest angle
rx-load = Load at the strap
rx-eccentric = Lowering ÷ lifting
rx-tempo = Tempo
rx-lift = lift
rx-hold = hold
rx-lower = lower
rx-rest = rest
rx-hold-tolerance = Hold tolerance
rx-sets = sets
rx-reps = reps
rx-sets-reps = Sets × reps, rest
rx-dose = { $sets } × { $reps }, { $rest } s
rx-rest-between = Rest between sets
rx-allowed = { $low } to { $high } { $unit }
rx-discard = Discard
rx-submit = Set for next session
rx-sending = Sending
rx-none = none
rx-not-a-number = This is no number.
rx-not-a-number-next = Write digits with a comma or a point, e.g. 12,5.
rx-not-whole = This must be a whole number.
rx-missing = Needed.
rx-allowed-words = Allowed: { $allowed }.
rx-refused = { $count ->
    [one] One value was refused. Nothing has changed.
   *[other] { $count } values were refused. Nothing has changed.
}
rx-applied = In force now.
rx-unchanged = The draft is what is active.
rx-looser = { $count ->
    [one] One limit asks more of the person.
   *[other] { $count } limits ask more of the person.
}
rx-looser-hint = Purple marks show them. They take effect for the next session.
rx-tighter = { $count ->
    [one] One limit asks less of the person.
   *[other] { $count } limits ask less of the person.
}
rx-mark-looser = asks more than the active one
rx-mark-tighter = asks less than the active one
rx-running = While a session runs, only something easier is taken, and only between its sets.
rx-arc = Range on the arc: active, draft, and the leg now
rx-now = now { $deg }°
rx-ceiling = ceiling { $deg }°
rx-floor = floor { $deg }°
rx-lowest = Lowest
rx-highest = Highest
rx-span = Span
rx-pad = bench
rx-from-leg = from leg
rx-from-leg-low = Take the lowest angle from the leg's position
rx-from-leg-high = Take the highest angle from the leg's position
unit-deg = °
unit-n = N
unit-nm = N·m
unit-kg = kg
unit-m = m
unit-s = s
