@rem The npm scripts begin with exec, so that signals reach the launcher and not a shell before it. Windows has no exec: this is it.
@%*
