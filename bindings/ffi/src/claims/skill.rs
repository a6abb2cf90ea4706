//! The skill certification. Days are written like 2026-03-31.

use super::record::prelude::*;

vocabulary! {
    /// How far somebody has come (Dreyfus model of skill acquisition).
    Proficiency {
        /// Follows rules.
        Novice = "novice",
        /// Begins to see what a situation needs.
        AdvancedBeginner = "advanced-beginner",
        /// Plans and copes alone.
        Competent = "competent",
        /// Sees the whole and sets priorities.
        Proficient = "proficient",
        /// Acts from deep experience.
        Expert = "expert",
    }
}

vocabulary! {
    /// How the skill was assessed.
    Assessment {
        /// The task was performed.
        PerformanceTask = "performance-task",
        /// In a simulation.
        Simulation = "simulation",
        /// By observation after a plan.
        StructuredObservation = "structured-observation",
        /// By judging what the work produced.
        WorkProductEvaluation = "work-product-evaluation",
        /// By a portfolio.
        PortfolioAssessment = "portfolio-assessment",
        /// By a project.
        ProjectAssessment = "project-assessment",
        /// By the judgement of an assessor.
        AssessorJudgement = "assessor-judgement",
        /// By the judgement of a supervisor.
        SupervisorJudgement = "supervisor-judgement",
        /// By a written examination.
        WrittenExamination = "written-examination",
        /// By an oral examination.
        OralExamination = "oral-examination",
        /// In another way.
        Other = "other",
    }
}

vocabulary! {
    /// Who stands behind the assessment.
    Assurance {
        /// The awarding body or the person alone.
        SelfAsserted = "self-asserted",
        /// A third party, who is named.
        ThirdPartyAssessed = "third-party-assessed",
        /// An audited assessment, with evidence of the audit.
        AuditedAssessment = "audited-assessment",
    }
}

record! {
    /// A skill in ESCO, the European classification of skills and occupations.
    EscoReference {
        /// Its URI, which begins with `http://data.europa.eu/esco/skill/`.
        "uri" => uri: Option<String>,
        /// Its title there.
        "title" => title: Option<String>,
    }
}

record! {
    /// The same skill in another framework than ESCO.
    Alignment {
        /// Its name there.
        "name" => name: Option<String>,
        /// Where it is described.
        "url" => url: Option<String>,
        /// The framework.
        "framework" => framework: Option<String>,
        /// Its code there.
        "code" => code: Option<String>,
    }
}

record! {
    /// The skill itself, the same for everybody who has it.
    Skill {
        /// A URI that names this skill for good, in the awarding body's catalogue.
        "id" => id: Option<String>,
        /// Its name, such as care for elderly people at home.
        "name" => name: Option<String>,
        /// What somebody with this skill can do.
        "description" => description: Option<String>,
        /// What has to be shown to earn it.
        "criteria" => criteria: Option<String>,
        /// Where the criteria are published.
        "criteriaUrl" => criteria_url: Option<String>,
        /// What Open Badges calls the type of achievement, such as Competency or Certificate.
        "achievementType" => achievement_type: Option<String>,
        /// The skill in ESCO.
        "escoReferences" => esco_references: Vec<EscoReference>,
        /// The skill in other frameworks.
        "alignments" => alignments: Vec<Alignment>,
    }
}

record! {
    /// Somebody who awards or assesses a skill: a training council, a school, a master of the trade.
    Institution {
        /// A URI that names it: its DID or its page.
        "id" => id: Option<String>,
        /// Its name.
        "name" => name: Option<String>,
        /// The country where it is, ISO 3166-1 alpha-2, such as HK.
        "country" => country: Option<String>,
    }
}

record! {
    /// Something that shows the skill, or an audit of how it was assessed.
    Evidence {
        /// What it is, such as service log of 2025.
        "name" => name: Option<String>,
        /// What it shows.
        "narrative" => narrative: Option<String>,
        /// Where it can be seen.
        "id" => id: Option<String>,
        /// Its kind, such as video or report.
        "genre" => genre: Option<String>,
    }
}

record! {
    /// The programme in which the skill was used, such as a time-voucher programme.
    Programme {
        /// Its name.
        "name" => name: Option<String>,
        /// Who runs it.
        "organiser" => organiser: Option<String>,
        /// Its page.
        "id" => id: Option<String>,
    }
}

record! {
    /// A skill that an awarding body certifies.
    SkillCertification {
        /// Full name in its own script; the key that the credential is bound to says who it is even without.
        "name" => name: Option<String>,
        /// The same name in Latin letters.
        "nameLatin" => name_latin: Option<String>,
        /// Family name.
        "familyName" => family_name: Option<String>,
        /// Given names.
        "givenName" => given_name: Option<String>,
        /// The skill.
        "skill" => skill: Option<Skill>,
        /// How far the person has come.
        "proficiencyLevel" => proficiency_level: Option<Proficiency>,
        /// How it was assessed.
        "typeOfAssessment" => type_of_assessment: Option<Assessment>,
        /// The day of the assessment.
        "assessedOn" => assessed_on: Option<String>,
        /// What came out, in the assessment's own terms, such as 86 of 100.
        "score" => score: Option<String>,
        /// Who stands behind the assessment.
        "qualityAssuranceLevel" => quality_assurance_level: Option<Assurance>,
        /// How its quality is kept.
        "qualityAssuranceMethod" => quality_assurance_method: Option<String>,
        /// The third party that assessed; demanded where a third party stands behind it.
        "assessor" => assessor: Option<Institution>,
        /// Evidence of the audit; demanded where the assessment was audited.
        "auditEvidence" => audit_evidence: Vec<Evidence>,
        /// What shows the skill.
        "assessmentEvidence" => assessment_evidence: Vec<Evidence>,
        /// Who awards it.
        "awardingBody" => awarding_body: Option<Institution>,
        /// The person's role when using the skill.
        "role" => role: Option<String>,
        /// What the awarding body has to tell of it.
        "narrative" => narrative: Option<String>,
        /// The number of the licence or certificate.
        "licenceNumber" => licence_number: Option<String>,
        /// The first day on which the person used the skill in the programme.
        "activityStartDate" => activity_start_date: Option<String>,
        /// The last such day.
        "activityEndDate" => activity_end_date: Option<String>,
        /// The programme.
        "programme" => programme: Option<Programme>,
        /// Where the skill was used, such as Sham Shui Po.
        "place" => place: Option<String>,
        /// The country or region (ISO 3166) of that place.
        "jurisdiction" => jurisdiction: Option<String>,
    }
}
