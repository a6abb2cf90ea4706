//! The skill certification. Days are written like 2026-03-31.

use super::record::{opaque_display, record, vocabulary};

vocabulary! {
    /// How far somebody has come (Dreyfus model of skill acquisition).
    Proficiency {
        /// Follows rules.
        Novice,
        /// Begins to see what a situation needs.
        AdvancedBeginner,
        /// Plans and copes alone.
        Competent,
        /// Sees the whole and sets priorities.
        Proficient,
        /// Acts from deep experience.
        Expert,
    }
}

vocabulary! {
    /// How the skill was assessed.
    Assessment {
        /// The task was performed.
        PerformanceTask,
        /// In a simulation.
        Simulation,
        /// By observation after a plan.
        StructuredObservation,
        /// By judging what the work produced.
        WorkProductEvaluation,
        /// By a portfolio.
        PortfolioAssessment,
        /// By a project.
        ProjectAssessment,
        /// By the judgement of an assessor.
        AssessorJudgement,
        /// By the judgement of a supervisor.
        SupervisorJudgement,
        /// By a written examination.
        WrittenExamination,
        /// By an oral examination.
        OralExamination,
        /// In another way.
        Other,
    }
}

vocabulary! {
    /// Who stands behind the assessment.
    Assurance {
        /// The awarding body or the person alone.
        SelfAsserted,
        /// A third party, who is named.
        ThirdPartyAssessed,
        /// An audited assessment, with evidence of the audit.
        AuditedAssessment,
    }
}

record! {
    /// A skill in ESCO, the European classification of skills and occupations.
    EscoReference {
        /// Its URI, which begins with `http://data.europa.eu/esco/skill/`.
        uri: Option<String>,
        /// Its title there.
        title: Option<String>,
    }
}

record! {
    /// The same skill in another framework than ESCO.
    Alignment {
        /// Its name there.
        name: Option<String>,
        /// Where it is described.
        url: Option<String>,
        /// The framework.
        framework: Option<String>,
        /// Its code there.
        code: Option<String>,
    }
}

record! {
    /// The skill itself, the same for everybody who has it.
    Skill {
        /// A URI that names this skill for good, in the awarding body's catalogue.
        id: Option<String>,
        /// Its name, such as care for elderly people at home.
        name: Option<String>,
        /// What somebody with this skill can do.
        description: Option<String>,
        /// What has to be shown to earn it.
        criteria: Option<String>,
        /// Where the criteria are published.
        criteria_url: Option<String>,
        /// What Open Badges calls the type of achievement, such as Competency or Certificate.
        achievement_type: Option<String>,
        /// The skill in ESCO.
        esco_references: Vec<EscoReference>,
        /// The skill in other frameworks.
        alignments: Vec<Alignment>,
    }
}

record! {
    /// Somebody who awards or assesses a skill: a training council, a school, a master of the trade.
    Institution {
        /// A URI that names it: its DID or its page.
        id: Option<String>,
        /// Its name.
        name: Option<String>,
    }
}

record! {
    /// Something that shows the skill, or an audit of how it was assessed.
    Evidence {
        /// What it is, such as service log of 2025.
        name: Option<String>,
        /// What it shows.
        narrative: Option<String>,
        /// Where it can be seen.
        id: Option<String>,
        /// Its kind, such as video or report.
        genre: Option<String>,
    }
}

record! {
    /// The programme in which the skill was used, such as a time-voucher programme.
    Programme {
        /// Its name.
        name: Option<String>,
        /// Who runs it.
        organiser: Option<String>,
        /// Its page.
        id: Option<String>,
    }
}

record! {
    /// A skill that an awarding body certifies.
    SkillCertification {
        /// Full name in its own script; the key that the credential is bound to says who it is even without.
        name: Option<String>,
        /// The same name in Latin letters.
        name_latin: Option<String>,
        /// Family name.
        family_name: Option<String>,
        /// Given names.
        given_name: Option<String>,
        /// The skill.
        skill: Option<Skill>,
        /// How far the person has come.
        proficiency_level: Option<Proficiency>,
        /// How it was assessed.
        type_of_assessment: Option<Assessment>,
        /// The day of the assessment.
        assessed_on: Option<String>,
        /// What came out, in the assessment's own terms, such as 86 of 100.
        score: Option<String>,
        /// Who stands behind the assessment.
        quality_assurance_level: Option<Assurance>,
        /// How its quality is kept.
        quality_assurance_method: Option<String>,
        /// The third party that assessed; demanded where a third party stands behind it.
        assessor: Option<Institution>,
        /// Evidence of the audit; demanded where the assessment was audited.
        audit_evidence: Vec<Evidence>,
        /// What shows the skill.
        assessment_evidence: Vec<Evidence>,
        /// Who awards it.
        awarding_body: Option<Institution>,
        /// The person's role when using the skill.
        role: Option<String>,
        /// What the awarding body has to tell of it.
        narrative: Option<String>,
        /// The number of the licence or certificate.
        licence_number: Option<String>,
        /// The first day on which the person used the skill in the programme.
        activity_start_date: Option<String>,
        /// The last such day.
        activity_end_date: Option<String>,
        /// The programme.
        programme: Option<Programme>,
        /// Where the skill was used, such as Sham Shui Po.
        place: Option<String>,
        /// The country or region (ISO 3166) of that place.
        jurisdiction: Option<String>,
    }
}
